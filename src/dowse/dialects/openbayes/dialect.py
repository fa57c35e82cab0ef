"""OpenBayes: an `openbayes.yaml` with a `hyper_tuning` block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dowse.dialects.documents import Document
from dowse.dialects.environments import interpreter
from dowse.dialects.finishing import finish
from dowse.dialects.launching import code_root, python_module
from dowse.dialects.located import Mapping
from dowse.dialects.openbayes.launch import read_bindings, read_constants, read_program
from dowse.dialects.openbayes.schema import SCHEMA, check_keys
from dowse.dialects.protocol import ReadContext, Reading
from dowse.dialects.reader import Field, Places, Table
from dowse.dialects.spaces import built, space
from dowse.dialects.typed_parameters import Wording
from dowse.domain.ceilings import MOST
from dowse.domain.metrics import MAX_METRIC_NAME, Goal, Objective
from dowse.domain.parameters import Categorical, Discrete, Parameter
from dowse.domain.scales import Scale
from dowse.domain.space import SearchSpace
from dowse.domain.spec import (
    AUTO,
    MAX_PARALLEL,
    AlgorithmSpec,
    CodeSpec,
    FailurePolicy,
    JobSpec,
    LaunchSpec,
    Limits,
    Literal,
    Passing,
    Program,
    Resources,
)

_, MAX_JOB_COUNT = MOST["openbayes"]["trials"]
PARAMETERS_FILE = "openbayes_params.json"

_GOALS = {"MAXIMIZE": Goal.MAXIMIZE, "MINIMIZE": Goal.MINIMIZE}
_ALGORITHMS = {"Bayesian": "bayesian", "Random": "random", "Grid": "grid"}
_ON_FAILURE = {"stop": FailurePolicy.STRICT, "continue": FailurePolicy.IGNORE}

PARAMETER_SPECS = Wording(
    name="name",
    low="min_value",
    high="max_value",
    scale="scale_type",
    discrete="discrete_values",
    categorical="categorical_values",
    scales={"UNIT_LINEAR_SCALE": Scale.LINEAR, "UNIT_LOG_SCALE": Scale.LOG},
    check=lambda table: check_keys(table, "ParameterSpec"),
)


@dataclass(frozen=True, slots=True)
class OpenBayes:
    name: str = "openbayes"
    title: str = "an OpenBayes job"

    def recognise(self, root: Mapping) -> float:
        keys = set(root.keys)
        if "hyper_tuning" in keys:
            return 1.0
        own = {"data_binding", "data_bindings", "parameter_specs", "max_job_count"}
        own |= {"hyperparameter_metric", "parallel_count"}
        return 0.9 if own & keys or {"resource", "env", "command"} <= keys else 0.0

    def read(self, document: Document, context: ReadContext) -> Reading:
        return _Job(document, context).read()


class _Job:
    """One reading: what was found so far is in the log and in the places."""

    def __init__(self, document: Document, context: ReadContext) -> None:
        self._document = document
        self._context = context
        self._log = document.begin_log()
        self._places = Places()
        self._root = Table(document.root, "", self._log)

    def read(self) -> Reading:
        check_keys(self._root, "Root")
        tuning = self._tuning()
        spec = self._spec(tuning) if tuning else None
        here = Field(self._document.root, "", self._log)
        return finish(
            spec,
            log=self._log,
            places=self._places,
            root=here,
            absences=self._context.absences,
        )

    def _tuning(self) -> Table | None:
        misplaced = set(SCHEMA["HyperTuning"]) & set(self._root.node.keys)
        if misplaced and not self._root.get("hyper_tuning"):
            return None  # The keys were told already where they belong.
        field = self._root.required(
            "hyper_tuning",
            "without this block the document is a single task: it holds max_job_count, "
            "hyperparameter_metric, goal, algorithm and parameter_specs",
        )
        tuning = field.table("a mapping with parameter_specs") if field else None
        if tuning is not None:
            check_keys(tuning, "HyperTuning")
        return tuning

    def _spec(self, tuning: Table) -> JobSpec | None:
        objective = self._objective(tuning)
        algorithm = self._algorithm(tuning)
        parameters, searched = self._space(tuning, algorithm)
        resource = self._resource()
        limits = self._limits(tuning, resource, algorithm)
        constants = read_constants(self._root, self._places)
        names = [*constants, *(p.name for p in parameters if p.name not in constants)]
        program = self._program(names)
        launch = self._launch(program, constants, resource) if program else None
        on_failure, side = tuning.get("on_failure"), tuning.get("side_metrics")
        failures = on_failure.choice(_ON_FAILURE) if on_failure else FailurePolicy.STRICT
        side_metrics = _side_metrics(side) if side else ()
        if not (objective and algorithm and searched and limits and launch and failures):
            return None
        return JobSpec(
            space=searched,
            objectives=(objective,),
            limits=limits,
            launch=launch,
            algorithm=_spec_of(algorithm, parameters),
            failures=failures,
            side_metrics=side_metrics,
            seed=self._context.seed or 0,
            name=self._context.name,
            dialect="openbayes",
            document=self._document.text,
        )

    def _objective(self, tuning: Table) -> Objective | None:
        named = tuning.required("hyperparameter_metric", "name the metric that is reported")
        metric = named.words("the name of a metric") if named else None
        if named and metric and len(metric) > MAX_METRIC_NAME:
            named.error(f"must have at most {MAX_METRIC_NAME} characters, got {len(metric)}")
            metric = None
        field = tuning.required("goal", "write MAXIMIZE or MINIMIZE")
        self._places.put("goal", field)
        goal = field.choice(_GOALS) if field else None
        return Objective(metric=metric, goal=goal) if metric and goal else None

    def _algorithm(self, tuning: Table) -> str | None:
        field = tuning.get("algorithm")
        if field is None:
            tuning.warn("names no algorithm; it was read as Bayesian")
            return "bayesian"
        return field.choice(_ALGORITHMS)

    def _limits(self, tuning: Table, resource: str | None, algorithm: str | None) -> Limits | None:
        count = tuning.required("max_job_count", f"a number of trials from 1 to {MAX_JOB_COUNT}")
        trials = count.integer(1, MAX_JOB_COUNT) if count else None
        self._places.put("limits.trials", count)
        quotas = self._context.quotas
        quota = quotas.get(resource or "*", quotas.get("*"))
        field = tuning.get("parallel_count")
        self._places.put("limits.parallel", field or count)
        parallel = field.integer(1, MAX_PARALLEL) if field else quota or 1
        if field and parallel and quota is not None and parallel > quota:
            field.warn(f"is above the quota of {quota} trials at once; {quota} will run")
            parallel = quota
        if trials is None or parallel is None:
            return None
        return Limits(
            trials=trials,
            parallel=min(parallel, trials) if not field else parallel,
            # Whoever asks for a grid wants all of it, however little is expected of the rest.
            improvement=None if algorithm == "grid" else AUTO,
        )

    def _resource(self) -> str | None:
        field = self._root.get("resource")
        resource = field.words("the name of a type of machine") if field else None
        if field and resource:
            field.warn(f"ignored: resource {resource} (trials run on this machine)")
        return resource

    def _space(
        self, tuning: Table, algorithm: str | None
    ) -> tuple[Sequence[Parameter], SearchSpace | None]:
        before = self._log.error_count
        field = tuning.required("parameter_specs", "list the parameters to tune")
        parameters = PARAMETER_SPECS.read(field, self._places) if field else None
        if field is None or parameters is None:
            return (), None
        if algorithm == "grid":
            self._check_grid(parameters, field)
        if self._log.error_count > before:
            return parameters, None
        return parameters, space(parameters, (), self._places, field)

    def _check_grid(self, parameters: Sequence[Parameter], fallback: Field) -> None:
        for parameter in parameters:
            if not isinstance(parameter, Discrete | Categorical):
                field = self._places.find(f"{parameter.name}.type") or fallback
                field.error(
                    f"Grid needs DISCRETE or CATEGORICAL parameters, and {parameter.name} is "
                    f"{field.text()}; list its values as DISCRETE"
                )

    def _program(self, names: Sequence[str]) -> Program | None:
        if self._context.module_name is not None:
            if command := self._root.get("command"):
                command.warn("is not used: the named Python module runs instead")
            return python_module(None, self._context, self._log)
        self._places.put("command", self._root.get("command"))
        return read_program(self._root, self._context, names)

    def _launch(
        self, program: Program, constants: dict[str, Literal], machine: str | None
    ) -> LaunchSpec | None:
        context = self._context
        read_bindings(self._root)
        env = self._root.get("env")
        name = env.words("the name of an environment") if env else None
        python = interpreter([(env, [name])], context) if env and name else None
        return built(
            lambda: LaunchSpec(
                program=program,
                code=CodeSpec(root=code_root(context)),
                passing=Passing(constants=constants, file=PARAMETERS_FILE),
                job_dir=context.absolute(context.job_dir) if context.job_dir else None,
                python=python or context.python,
                resources=Resources(machine=machine),
            ),
            self._places,
            Field(self._document.root, "", self._log),
        )


def _side_metrics(field: Field) -> tuple[str, ...]:
    if field.node.kind == "text":
        text = field.words("a list of metrics")
        field.warn("is one text; it was read as a list of it")
        return (text,) if text else ()
    return field.texts("a list of metrics") or ()


def _spec_of(algorithm: str, parameters: Sequence[Parameter]) -> AlgorithmSpec:
    """Random walks the combinations of listed values as Grid does."""
    listed = any(isinstance(parameter, Discrete | Categorical) for parameter in parameters)
    if algorithm == "random" and listed:
        return AlgorithmSpec(name=algorithm, options={"combinations": True})
    return AlgorithmSpec(name=algorithm)
