"""Azure ML: a sweep job as YAML, as the body of a REST call, or alone in a pipeline."""

from __future__ import annotations

from dataclasses import dataclass

from dowse.dialects.azure_ml import forms
from dowse.dialects.azure_ml.schema import check_keys
from dowse.dialects.azure_ml.settings import (
    Sampling,
    read_limits,
    read_objective,
    read_policy,
    read_sampling,
)
from dowse.dialects.azure_ml.space import Space, SpaceReader
from dowse.dialects.azure_ml.trial import Trial, read_trial
from dowse.dialects.documents import Document
from dowse.dialects.finishing import finish
from dowse.dialects.located import Mapping, Scalar, nested
from dowse.dialects.machines import azure_machine
from dowse.dialects.protocol import ReadContext, Reading
from dowse.dialects.reader import Field, Places, Table
from dowse.dialects.spaces import space
from dowse.domain.parameters import Parameter
from dowse.domain.space import SearchSpace
from dowse.domain.spec import (
    AlgorithmSpec,
    FailurePolicy,
    JobSpec,
    LaunchSpec,
    Passing,
    Resources,
)

VARIABLES = "AZUREML_SWEEP_"

_SWEEPS = ("sweep", "sweep_job", "sweepjob")
_BAYESIAN = ("choice", "uniform", "quniform")


@dataclass(frozen=True, slots=True)
class AzureML:
    name: str = "azure_ml"
    title: str = "an Azure ML sweep job"

    def recognise(self, root: Mapping) -> float:
        if forms.is_rest(root):
            return 1.0
        kind = root.get("type")
        known = (*_SWEEPS, "pipeline", "command", "pipeline_job", "command_job")
        if isinstance(kind, Scalar) and kind.raw.lower() in known:
            return 1.0
        own = {"search_space", "sampling_algorithm", "trial", "jobs", "objective"}
        return 0.9 if own & set(root.keys) else 0.0

    def read(self, document: Document, context: ReadContext) -> Reading:
        return _Job(document, context).read()


class _Job:
    """One reading: what was found so far is in the log and in the places."""

    def __init__(self, document: Document, context: ReadContext) -> None:
        self._document = document
        self._context = context
        self._log = document.begin_log()
        self._places = Places()

    def read(self) -> Reading:
        root = self._sweep()
        spec = self._spec(root) if root is not None else None
        here = Field(self._document.root, "", self._log)
        return finish(
            spec,
            log=self._log,
            places=self._places,
            root=here,
            absences=self._context.absences,
        )

    def _sweep(self) -> Table | None:
        """The sweep job of the document, in the form that is read."""
        node, path = self._document.root, ""
        if forms.is_rest(node):
            node = forms.from_rest(node)
        kind = node.get("type")
        raw = kind.raw.lower() if isinstance(kind, Scalar) else None
        if raw in ("pipeline", "pipeline_job") or (raw is None and "jobs" in node.keys):
            found = forms.sweep_of_pipeline(node, self._log)
            if found is None:
                return None
            path, node = nested("jobs", found[0]), found[1]
        node = forms.from_preview(node, self._log)
        root = Table(node, path, self._log)
        if not self._is_sweep(root):
            return None
        check_keys(root, "Sweep")
        return root

    def _is_sweep(self, root: Table) -> bool:
        kind = root.get("type")
        text = kind.text() if kind else None
        if kind is None or text is None:
            root.warn("has no type; it was read as a sweep job")
            return True
        if text.lower() not in _SWEEPS:
            kind.error(f"must be sweep: a job of another type has nothing to tune, got {kind.node}")
            return False
        if text.lower() != "sweep":
            kind.warn(f"is the form of the preview; it was read as sweep, got {kind.node}")
        return True

    def _spec(self, root: Table) -> JobSpec | None:
        context = self._context
        objective = read_objective(root, self._places)
        sampling = read_sampling(root)
        found, searched = self._space(root, sampling)
        stopping = read_policy(root, context.known_rules)
        limits = read_limits(root, self._places)
        trial = read_trial(root, _by_name(found), context, self._places) if found else None
        name, description, labels = self._identity(root)
        if not (objective and sampling and found and searched and limits and trial):
            return None
        self._warn_of_unplaced(found, trial)
        seed = context.seed if context.seed is not None else sampling.seed or 0
        return JobSpec(
            space=searched,
            objectives=(objective,),
            limits=limits,
            launch=self._launch(root, trial, found),
            algorithm=AlgorithmSpec(name=sampling.algorithm),
            stopping=stopping,
            failures=FailurePolicy.IGNORE,
            seed=seed,
            name=context.name or name,
            description=description,
            labels=labels,
            dialect="azure_ml",
            document=self._document.text,
        )

    def _identity(self, root: Table) -> tuple[str | None, str | None, dict[str, str]]:
        fields = {key: root.get(key) for key in ("name", "description")}
        texts = {key: field.words() if field else None for key, field in fields.items()}
        if self._context.name is None:
            self._places.put("name", fields["name"])
        tags = root.get("tags")
        labels = tags.text_map() if tags else {}
        for key in ("display_name", "experiment_name"):
            field = root.get(key)
            text = field.words() if field else None
            if text is not None:
                labels.setdefault(key, text)
        return texts["name"], texts["description"], labels

    def _space(
        self, root: Table, sampling: Sampling | None
    ) -> tuple[Space | None, SearchSpace | None]:
        before = self._log.error_count
        field = root.required("search_space", "without it there is nothing to tune")
        if field is None:
            return None, None
        reader = SpaceReader(self._places, sampling.base) if sampling else SpaceReader(self._places)
        found = reader.read(field)
        if found is None:
            return None, None
        if sampling is not None:
            self._check_kinds(found, sampling)
        if self._log.error_count > before:
            return found, None
        return found, space(found.parameters, (), self._places, field)

    def _check_kinds(self, found: Space, sampling: Sampling) -> None:
        """Which distributions go with which sampling: the service's own rules."""
        for name, (kind, field) in found.kinds.items():
            if sampling.algorithm == "grid" and kind != "choice":
                field.error(f"is {kind}, and grid sampling needs choice: list the values of {name}")
            elif sampling.algorithm == "bayesian" and kind not in _BAYESIAN:
                field.warn(f"is {kind}, which Azure refuses with bayesian sampling; here it works")

    def _warn_of_unplaced(self, found: Space, trial: Trial) -> None:
        if self._context.module_name is not None:
            return  # Every value is appended.
        for parameter in found.parameters:
            name = found.names.get(parameter.name, parameter.name)
            within = parameter.condition is not None or parameter.name in found.composed
            field = self._places.find(parameter.name)
            if name not in trial.placed and not within and field is not None:
                field.warn(
                    f"has no place in the command: the program sees {name} only as the variable "
                    f"{VARIABLES}{name}"
                )

    def _launch(self, root: Table, trial: Trial, found: Space) -> LaunchSpec:
        context = self._context
        return LaunchSpec(
            program=trial.program,
            code=trial.code,
            passing=Passing(
                append=context.module_name is not None,
                names=found.names,
                composed=tuple(found.composed),
                variable_prefixes=(VARIABLES,),
            ),
            inputs=trial.data.inputs,
            outputs=trial.data.outputs,
            job_dir=context.absolute(context.job_dir) if context.job_dir else None,
            env=trial.env,
            python=trial.python or context.python,
            resources=Resources(machine=azure_machine(root)),
        )


def _by_name(found: Space) -> dict[str, list[Parameter]]:
    """Names that could not be read have no parameters; their mistakes are told already."""
    named: dict[str, list[Parameter]] = {name: [] for name in found.declared}
    for parameter in found.parameters:
        named[found.names.get(parameter.name, parameter.name)].append(parameter)
    return named
