"""Dowse's own form: as short as the thought, and able to say everything a JobSpec can."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

from dowse.dialects.documents import Document
from dowse.dialects.finishing import check_launch, finish
from dowse.dialects.located import Mapping
from dowse.dialects.native import keys
from dowse.dialects.native.launch import read_launch
from dowse.dialects.native.limits import read_limits
from dowse.dialects.native.lineage import read_learning, read_resumption
from dowse.dialects.native.parameters import ParametersReader
from dowse.dialects.native.preferences import read_preferences
from dowse.dialects.native.targets import Objectives, read_metric_limits, read_objectives
from dowse.dialects.protocol import ReadContext, Reading
from dowse.dialects.reader import Field, Places, Table, nearest
from dowse.dialects.resuming import Resumption
from dowse.dialects.spaces import check_constraints, space
from dowse.domain.lineage import Learning
from dowse.domain.metric_limits import MetricLimit
from dowse.domain.several import conflicts
from dowse.domain.space import SearchSpace
from dowse.domain.spec import (
    ORDER_WITH_STOPPING,
    AlgorithmSpec,
    FailurePolicy,
    JobSpec,
    Limits,
    Order,
    StoppingSpec,
)
from dowse.domain.targets import Targets
from dowse.errors import Problem

_FAILURES = {policy.value: policy for policy in FailurePolicy}
_ORDERS = {order.value: order for order in Order}
_ALGORITHM, _RULE = "an algorithm", "an early-stopping rule"

_SHARED = {
    *("$schema", "command", "description", "env", "goal", "inputs", "labels", "name", "outputs"),
    "side_metrics",
}
"""Keys that other forms have as well."""

_ELSEWHERE = {
    **dict.fromkeys(keys.LIMITS, "it belongs under limits"),
    **dict.fromkeys(keys.RESOURCES, "it belongs under resources"),
    "use": "it belongs under metric",
    "stopping": "it is called early_stopping",
    "objective": "it is called metric",
    "metrics": "several are called objectives",
    "params": "it is called parameters",
    "fixed": "it belongs under extend",
}


@dataclass(frozen=True, slots=True)
class Native:
    name: str = "native"
    title: str = "a native job"

    def recognise(self, root: Mapping) -> float:
        known = set(keys.ROOT) - {
            "labels",
            "name",
            "env",
            "description",
            "$schema",
            "goal",
            "inputs",
        }
        known -= {"outputs", "command"}  # other forms have them as well
        held = known & set(root.keys)
        if "parameters" in held and held & {"metric", "objectives"}:
            return 0.95
        return min(0.8, 0.4 * len(held))

    def read(self, document: Document, context: ReadContext) -> Reading:
        return _Job(document, context).read()


class _Job:
    def __init__(self, document: Document, context: ReadContext) -> None:
        self._document = document
        self._context = context
        self._log = document.begin_log()
        self._places = Places()
        self._root = Table(document.root, "", self._log)
        self._resumption: Resumption | None = None

    def read(self) -> Reading:
        self._root.refuse_unknown(keys.ROOT, _ELSEWHERE)
        here = Field(self._document.root, "", self._log)
        return finish(
            self._spec(),
            log=self._log,
            places=self._places,
            root=here,
            absences=self._context.absences,
        )

    def _spec(self) -> JobSpec | None:
        root, context = self._root, self._context
        self._resumption = read_resumption(root, context)
        objectives, pattern = self._objectives()
        metric_limits = self._metric_limits()
        searched = self._space()
        algorithm = self._algorithm(searched)
        stopping = self._stopping()
        limits = read_limits(root, self._places)
        if searched is not None and limits is not None:
            self._check_end(searched, limits)
        launch = read_launch(root, context, pattern, self._places)
        failures = root.get("failures")
        policy = failures.choice(_FAILURES) if failures else FailurePolicy.AUTOMATIC
        order = self._order(stopping)
        seed, name = self._seed(), self._text("name")
        if context.name is None:
            self._places.put("name", root.get("name"))
        labels = root.get("labels")
        named = labels.text_map() if labels else {}
        description = self._text("description")
        side = root.get("side_metrics")
        side_metrics = (side.texts("a list of metrics") if side else None) or ()
        prefer = read_preferences(root.get("prefer"), searched, self._places)
        learning = read_learning(root)
        targets = self._targets(objectives, metric_limits, stopping, limits, learning)
        if not (searched and targets and algorithm and limits and launch and policy and order):
            if launch is not None:
                here = Field(root.node, "", self._log)
                check_launch(launch, places=self._places, root=here)
            return None
        return JobSpec(
            space=searched,
            objectives=targets.objectives,
            limits=limits,
            launch=launch,
            algorithm=algorithm,
            stopping=stopping,
            failures=policy,
            order=order,
            metric_limits=targets.limits,
            side_metrics=side_metrics,
            prefer=prefer,
            continues=self._resumption.asked if self._resumption else None,
            learning=learning,
            seed=seed,
            name=context.name or name,
            description=description,
            labels=named,
            dialect="native",
            document=self._document.text,
        )

    def _text(self, key: str) -> str | None:
        field = self._root.get(key)
        return field.words() if field else None

    def _seed(self) -> int:
        field = self._root.get("seed")
        written = field.integer(0, 2**63 - 1) if field else None
        if self._context.seed is not None:
            return self._context.seed
        before = self._resumption.before if self._resumption else None
        return written if written is not None else before.seed if before else 0

    @property
    def _continues(self) -> bool:
        return self._root.get("resume") is not None or self._root.get("extend") is not None

    def _objectives(self) -> tuple[Objectives | None, str | None]:
        """The objectives, and the pattern that finds them in standard output."""
        root, resumption = self._root, self._resumption
        left = all(root.get(key) is None for key in ("metric", "goal", "objectives"))
        if left and self._continues and resumption is None:
            return None, None  # Its fault is reported already.
        if left and resumption is not None:
            if resumption.before is None:
                resumption.refuse_missing("metric and the goal")
                return None, None
            return resumption.before.objectives, resumption.before.launch.stdout_pattern
        self._places.put("metric", root.get("metric"))
        objectives, pattern = read_objectives(root, self._places)
        if resumption is not None and objectives is not None:
            resumption.check_objective(objectives[0], self._places)
        return objectives, pattern

    def _metric_limits(self) -> tuple[MetricLimit, ...] | None:
        field = self._root.get("metric_limits")
        before = self._resumption.before if self._resumption else None
        return before.metric_limits if field is None and before else read_metric_limits(field)

    def _targets(
        self,
        objectives: Objectives | None,
        metric_limits: tuple[MetricLimit, ...] | None,
        stopping: StoppingSpec | None,
        limits: Limits | None,
        learning: Learning,
    ) -> Targets | None:
        """What is asked for, where it could be read and goes with the rest."""
        if objectives is None or metric_limits is None:
            return None
        for key in ("early_stopping", "learn_from", "metric_limits"):
            self._places.put(key, self._root.get(key))
        targets = Targets(objectives=objectives, limits=metric_limits)
        found = tuple(
            conflicts(
                targets,
                stops=stopping is not None,
                learns=not learning.is_off,
                target=limits is not None and limits.target is not None,
                improvement=limits is not None and limits.improvement is not None,
            )
        )
        self._places.report(found, Field(self._root.node, "", self._log))
        return None if found else targets

    def _space(self) -> SearchSpace | None:
        resumption = self._resumption
        left = self._root.get("parameters") is None and self._root.get("constraints") is None
        if not left or not self._continues:
            asked = self._written_space()
            return resumption.space(asked, self._places) if resumption and asked else asked
        if resumption is None:
            return None
        if resumption.before is None:
            resumption.refuse_missing("parameters")
            return None
        return resumption.before.space

    def _written_space(self) -> SearchSpace | None:
        before = self._log.error_count
        field = self._root.required(
            "parameters", "list what to tune, such as lr: {type: double, min: 1e-5, max: 0.1}"
        )
        self._places.put("parameters", field)
        parameters = ParametersReader(self._places).read(field) if field else []
        constraints = self._constraints()
        if field is None or self._log.error_count > before:
            check_constraints(constraints, self._places)
            return None
        return space(parameters, constraints, self._places, field)

    def _constraints(self) -> list[tuple[str, Field]]:
        field = self._root.get("constraints")
        found = []
        for item in (field.items("a list of relations") if field else None) or ():
            text = item.text("a relation such as hidden % heads == 0")
            if text is not None:
                found.append((text, item))
        return found

    def _algorithm(self, searched: SearchSpace | None) -> AlgorithmSpec | None:
        field = self._root.get("algorithm")
        if field is None:
            return AlgorithmSpec()
        if not isinstance(field.node, Mapping):
            name = _known_name(field, self._context.known_algorithms, _ALGORITHM)
            made = AlgorithmSpec(name=name) if name else None
        else:
            made = self._algorithm_table(Table(field.node, field.path, self._log))
        if made is not None and made.name == "grid" and searched is not None:
            _check_grid(searched, self._places, field)
        return made

    def _algorithm_table(self, table: Table) -> AlgorithmSpec | None:
        named = table.required("name", "name the algorithm")
        name = _known_name(named, self._context.known_algorithms, _ALGORITHM) if named else None
        repeats = table.get("repeats")
        again = repeats.boolean() if repeats else False
        options = _options(table, {"name", "repeats"})
        if name is None or again is None:
            return None
        made = AlgorithmSpec(name=name, options=options, repeats=again)
        self._check_options(made, table)
        return made

    def _stopping(self) -> StoppingSpec | None:
        field = self._root.get("early_stopping")
        if field is None:
            return None
        if isinstance(field.node, Mapping):
            table = Table(field.node, field.path, self._log)
            given = table.required("rule", "name the rule")
            rule = _known_name(given, self._context.known_rules, _RULE) if given else None
            share = table.get("controls")
            controls = share.finite("a share from 0 to 1") if share else None
            if share is not None and controls is not None and not 0 <= controls <= 1:
                share.error(f"must be a share from 0 to 1, such as 0.05, got {share.node}")
                return None
            if rule is None:
                return None
            made = StoppingSpec(
                rule=rule,
                options=_options(table, {"rule", "controls"}),
                controls=None if controls is None else float(controls),
            )
            self._check_options(made, table)
            return made
        text = field.text("the name of a rule, or none")
        if text is None or text.lower() in keys.NO_RULE:
            return None
        rule = _known_name(field, self._context.known_rules, _RULE, also=("none",))
        named = StoppingSpec(rule=rule) if rule else None
        for problem in self._option_problems(named):
            field.error(problem.message)
        return named

    def _order(self, stopping: StoppingSpec | None) -> Order | None:
        field = self._root.get("order")
        order = field.choice(_ORDERS) if field else Order.COMPLETION
        if field is not None and order is Order.LOGICAL and stopping is not None:
            field.error(ORDER_WITH_STOPPING)
            return None
        return order

    def _check_options(self, made: AlgorithmSpec | StoppingSpec, table: Table) -> None:
        """Report what the owner of the name says of its options, each at its own place."""
        nested = table.get("options")
        tables = [table, *([nested.table()] if nested else [])]
        for problem in self._option_problems(made):
            _, _, key = problem.path.partition(".")
            fields = [each.get(key) for each in tables if each is not None]
            place = next((each for each in fields if each is not None), table)
            place.error(problem.message)

    def _option_problems(self, made: AlgorithmSpec | StoppingSpec | None) -> Sequence[Problem]:
        check = self._context.option_problems
        return () if made is None or check is None else check(made)

    def _check_end(self, searched: SearchSpace, limits: Limits) -> None:
        """Some job must come to an end by itself."""
        ends = limits.trials or limits.timeout_s or limits.cost
        if ends is None and not searched.is_finite:
            field = self._root.get("limits") or Field(self._root.node, "limits", self._log)
            field.error(
                "has neither trials nor timeout nor cost, and the parameters have endlessly many "
                "values: the job would never end; give `limits: {trials: 40}` or a timeout"
            )


def _known_name(
    field: Field, known: Set[str] | None, what: str, also: tuple[str, ...] = ()
) -> str | None:
    name = field.words(f"the name of {what}")
    if name is None or known is None or name in known:
        return name
    hint = nearest(name, sorted({*known, *also}))
    field.error(f"must be the name of {what}, got {field.node}{hint}")
    return None


def _options(table: Table, taken: set[str]) -> dict[str, Any]:
    """Every other key, and those under `options`, which may have any name."""
    options: dict[str, Any] = {}
    for key, field in table:
        if key == "options" and isinstance(field.node, Mapping):
            options |= field.plain()
        elif key not in taken:
            options[key] = field.plain()
    return options


def _check_grid(searched: SearchSpace, places: Places, fallback: Field) -> None:
    for parameter in searched.parameters:
        if parameter.levels is None:
            field = places.find(parameter.name) or fallback
            field.error(
                f"grid needs parameters that can be listed, and {parameter.name} is "
                f"{parameter.describe()}; give it a step, or list its values"
            )
