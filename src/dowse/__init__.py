"""Dowse: self-hosted hyperparameter tuning.

Public names are loaded when they are first used (PEP 562), so that `import dowse` inside a
training program costs next to nothing.
"""

from importlib import import_module

TYPE_CHECKING = False  # Importing typing would slow down the start of every program.
if TYPE_CHECKING:
    from dowse.domain.parameters import Categorical as Categorical
    from dowse.domain.parameters import Discrete as Discrete
    from dowse.domain.parameters import Double as Double
    from dowse.domain.parameters import Integer as Integer
    from dowse.domain.space import SearchSpace as SearchSpace
    from dowse.minimizing import minimize as minimize
    from dowse.optimizer import Optimizer as Optimizer
    from dowse.reporting import checkpoint_dir as checkpoint_dir
    from dowse.reporting import parameters as parameters
    from dowse.reporting import report as report
    from dowse.reporting import should_stop as should_stop
    from dowse.sdk.handles import connect as connect

__version__ = "0.1.0"

_HOME_OF: dict[str, str] = {
    "Categorical": "dowse.domain.parameters",
    "Discrete": "dowse.domain.parameters",
    "Double": "dowse.domain.parameters",
    "Integer": "dowse.domain.parameters",
    "Optimizer": "dowse.optimizer",
    "SearchSpace": "dowse.domain.space",
    "checkpoint_dir": "dowse.reporting",
    "connect": "dowse.sdk.handles",
    "minimize": "dowse.minimizing",
    "parameters": "dowse.reporting",
    "report": "dowse.reporting",
    "should_stop": "dowse.reporting",
}
"""Public name → the module that defines it."""

__all__ = ["__version__", *_HOME_OF]  # noqa: PLE0604 - the keys are strings.


def __getattr__(name: str) -> object:
    if name in _HOME_OF:
        return getattr(import_module(_HOME_OF[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
