"""A study of Google's AI Platform Vizier: its trials are run by whoever asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dowse.dialects import documents
from dowse.dialects.documents import Document
from dowse.dialects.finishing import finish
from dowse.dialects.protocol import Reading
from dowse.dialects.reader import Field, Places, Table
from dowse.dialects.spaces import space
from dowse.dialects.vizier.schema import FORM
from dowse.dialects.vizier.space import SpaceReader
from dowse.domain.metrics import MAX_METRIC_NAME, Goal, Objective
from dowse.domain.parameters import Parameter
from dowse.domain.space import SearchSpace
from dowse.domain.spec import (
    AlgorithmSpec,
    CodeSpec,
    External,
    JobSpec,
    LaunchSpec,
    Limits,
    Passing,
    StoppingSpec,
)
from dowse.domain.targets import MAX_OBJECTIVES

NAME = "vizier"

_GOALS = {
    "MAXIMIZE": Goal.MAXIMIZE,
    "MINIMIZE": Goal.MINIMIZE,
    "GOAL_TYPE_UNSPECIFIED": Goal.MAXIMIZE,
}
_ALGORITHMS = {
    "ALGORITHM_UNSPECIFIED": "bayesian",
    "GAUSSIAN_PROCESS_BANDIT": "bayesian",
    "GRID_SEARCH": "grid",
    "RANDOM_SEARCH": "random",
}
_RULES = {
    "medianAutomatedStoppingConfig": "median",
    "decayCurveStoppingConfig": "auto",
}


def read_study(source: str | Mapping[str, Any], *, seed: int = 0) -> Reading:
    """A Study message as a job without a program. Raises InvalidInput with every problem."""
    return _Study(documents.load(source, "<study>"), seed).read()


class _Study:
    def __init__(self, document: Document, seed: int) -> None:
        self._document = document
        self._seed = seed
        self._log = document.begin_log()
        self._places = Places()
        self._metrics: set[str] = set()

    def read(self) -> Reading:
        root = Table(self._document.root, "", self._log)
        FORM.check(root, "Study")
        field = root.required("studyConfig", "it holds metrics and parameters")
        config = field.table("a mapping with metrics and parameters") if field else None
        spec = self._spec(config) if config is not None else None
        here = Field(self._document.root, "", self._log)
        return finish(spec, log=self._log, places=self._places, root=here)

    def _spec(self, config: Table) -> JobSpec | None:
        FORM.check(config, "StudyConfig")
        objectives = self._objectives(config)
        chosen = config.get("algorithm")
        algorithm = (chosen.choice(_ALGORITHMS) if chosen else None) or "bayesian"
        stopping = self._stopping(config)
        found = config.required("parameters", "list the parameters to tune")
        before = self._log.error_count
        study_space = SpaceReader(self._places).read(found) if found else None
        if study_space is None or found is None or not objectives:
            return None
        if algorithm == "grid":
            self._check_grid(study_space.parameters, found)
        if self._log.error_count > before:
            return None
        searched = self._space(study_space.parameters, found)
        if searched is None:
            return None
        return JobSpec(
            space=searched,
            objectives=objectives,
            limits=Limits(),
            launch=LaunchSpec(
                program=External(), code=CodeSpec(), passing=Passing(names=study_space.names)
            ),
            algorithm=AlgorithmSpec(name=algorithm),
            # Beside several metrics it is refused above.
            stopping=stopping if len(objectives) == 1 else None,
            seed=self._seed,
            dialect=NAME,
            document=self._document.text,
        )

    def _space(self, parameters: list[Parameter], found: Field) -> SearchSpace | None:
        return space(parameters, (), self._places, found)

    def _objectives(self, config: Table) -> tuple[Objective, ...]:
        """Nothing when anything is wrong with one of them."""
        field = config.required("metrics", "name the metric to optimise and its goal")
        items = field.items("a list of metrics") if field else None
        if field is None or items is None:
            return ()
        if not 1 <= len(items) <= MAX_OBJECTIVES:
            field.error(f"must hold 1 to {MAX_OBJECTIVES} metrics, got {len(items)}")
            return ()
        stopping = config.get("automatedStoppingConfig")
        if len(items) > 1 and stopping and self._stopping(config) is not None:
            stopping.error("compares curves of one metric, and several are optimised: leave it out")
        read = [self._objective(item) for item in items]
        found = [objective for objective in read if objective is not None]
        return tuple(found) if len(found) == len(items) else ()

    def _objective(self, item: Field) -> Objective | None:
        table = item.table("a mapping with metric and goal")
        if table is None:
            return None
        FORM.check(table, "MetricSpec")
        named = table.required("metric", "give the name of the metric")
        metric = named.words("the name of the metric") if named else None
        if named and metric and len(metric) > MAX_METRIC_NAME:
            named.error(f"must have at most {MAX_METRIC_NAME} characters, got {len(metric)}")
        if named and metric in self._metrics:
            named.error(f"is the name of two metrics: {metric!r}")
        goal = table.get("goal")
        meant = goal.choice(_GOALS) if goal else Goal.MAXIMIZE
        if not metric or meant is None:
            return None
        self._metrics.add(metric)
        return Objective(metric=metric[:MAX_METRIC_NAME], goal=meant)

    def _stopping(self, config: Table) -> StoppingSpec | None:
        field = config.get("automatedStoppingConfig")
        table = field.table("a mapping with one configuration") if field else None
        if table is None:
            return None
        FORM.check(table, "AutomatedStoppingConfig")
        given = [(key, found) for key in _RULES if (found := table.get(key))]
        if len(given) > 1:
            given[1][1].error(f"cannot stand beside {given[0][0]}: keep one of them")
        for key, found in given:
            inner = found.table("a mapping")
            if inner is None:
                continue
            FORM.check(inner, "StoppingConfig")
            elapsed = inner.get("useElapsedTime")
            if elapsed and elapsed.boolean():
                elapsed.error(
                    "is refused: curves are compared report by report, not by elapsed time; "
                    "leave it out, and report at equal intervals"
                )
            return StoppingSpec(rule=_RULES[key])
        return None

    def _check_grid(self, parameters: list[Parameter], fallback: Field) -> None:
        for parameter in parameters:
            if parameter.levels is None:
                field = self._places.find(parameter.name) or fallback
                field.error(
                    "GRID_SEARCH needs INTEGER, DISCRETE or CATEGORICAL parameters, and "
                    f"{parameter.name} is DOUBLE"
                )
