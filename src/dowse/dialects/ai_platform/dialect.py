"""Google AI Platform Training: a job or TrainingInput that holds a HyperparameterSpec."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dowse.dialects import durations
from dowse.dialects.ai_platform.params import PARAMS
from dowse.dialects.ai_platform.schema import SCHEMA, check_fields
from dowse.dialects.documents import Document
from dowse.dialects.environments import interpreter
from dowse.dialects.finishing import finish
from dowse.dialects.launching import HOW_TO_NAME_A_PROGRAM, code_root, python_module
from dowse.dialects.located import Mapping, Scalar, nested
from dowse.dialects.machines import google_machine
from dowse.dialects.protocol import ReadContext, Reading
from dowse.dialects.reader import Field, Places, Table
from dowse.dialects.resuming import Resumption, job_name, resumption
from dowse.dialects.spaces import built, space
from dowse.domain.lineage import Continuation, Learning
from dowse.domain.metrics import MAX_METRIC_NAME, Goal, Objective
from dowse.domain.parameters import Parameter
from dowse.domain.space import SearchSpace
from dowse.domain.spec import (
    MAX_PARALLEL,
    AlgorithmSpec,
    Argv,
    CodeSpec,
    JobSpec,
    LaunchSpec,
    Limits,
    Program,
    Resources,
    StoppingSpec,
)

_MOST_PACKAGES = 100
DEFAULT_METRIC = "training/hptuning/metric"

_NO_GOAL = "GOAL_TYPE_UNSPECIFIED"
_GOALS = {
    "MAXIMIZE": Goal.MAXIMIZE,
    "MINIMIZE": Goal.MINIMIZE,
    _NO_GOAL: Goal.MAXIMIZE,
}
_ALGORITHMS = {
    "ALGORITHM_UNSPECIFIED": "bayesian",
    "GRID_SEARCH": "grid",
    "RANDOM_SEARCH": "random",
}


@dataclass(frozen=True, slots=True)
class AIPlatform:
    name: str = "ai_platform"
    title: str = "a Google AI Platform training job"

    def recognise(self, root: Mapping) -> float:
        if {"trainingInput", "hyperparameters"} & set(root.keys):
            return 1.0
        known = {*SCHEMA["Job"], *SCHEMA["TrainingInput"], *SCHEMA["HyperparameterSpec"]}
        known -= {"labels", "goal", "args", "state", "algorithm"}  # other forms have them as well
        return 0.9 if known & set(root.keys) else 0.0

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
        job, training = self._levels()
        tuning = self._tuning(training)
        spec = self._spec(job, training, tuning) if training and tuning else None
        here = Field(self._document.root, "", self._log)
        return finish(
            spec,
            log=self._log,
            places=self._places,
            root=here,
            absences=self._context.absences,
        )

    def _levels(self) -> tuple[Table | None, Table | None]:
        """The Job, when there is one, and its TrainingInput; either may be the whole document."""
        if "trainingInput" not in self._root.node.keys:
            also = [key for key in ("jobId", "labels") if key in self._root.node.keys]
            check_fields(self._root, "TrainingInput", also=also)
            return self._root if also else None, self._root
        check_fields(self._root, "Job")
        field = self._root.required("trainingInput", "it holds the job")
        training = field.table() if field else None
        if training is not None:
            check_fields(training, "TrainingInput")
        return self._root, training

    def _tuning(self, training: Table | None) -> Table | None:
        if training is None:
            return None
        field = training.required(
            "hyperparameters", "without it there is nothing to tune: it holds goal and params"
        )
        tuning = field.table("a mapping with goal and params") if field else None
        if tuning is not None:
            check_fields(tuning, "HyperparameterSpec")
        return tuning

    def _spec(self, job: Table | None, training: Table, tuning: Table) -> JobSpec | None:
        context = self._context
        resumed = self._resumption(tuning)
        objective = self._objective(tuning, resumed)
        limits = self._limits(training, tuning)
        algorithm = self._algorithm(tuning)
        searched = self._space(tuning, algorithm, resumed)
        program = self._program(training)
        launch = self._launch(training, program) if program else None
        name, labels = self._identity(job)
        early = tuning.get("enableTrialEarlyStopping")
        stops = early.boolean() if early else False
        if searched is None or limits is None or launch is None:
            return None
        return JobSpec(
            space=searched,
            objectives=(objective,),
            limits=limits,
            launch=launch,
            algorithm=AlgorithmSpec(name=algorithm),
            stopping=StoppingSpec(rule="auto") if stops else None,
            continues=resumed.asked if resumed else None,
            # The service learns from earlier jobs with similar names unasked.
            learning=Learning(similar=True),
            seed=self._seed(resumed),
            name=context.name or name,
            labels=labels,
            dialect="ai_platform",
            document=self._document.text,
        )

    def _identity(self, job: Table | None) -> tuple[str | None, dict[str, str]]:
        named = job.get("jobId") if job else None
        name = named.words("the name of the job") if named else None
        if self._context.name is None:
            self._places.put("name", named)
        labels = job.get("labels") if job else None
        return name, labels.text_map() if labels else {}

    def _resumption(self, tuning: Table) -> Resumption | None:
        field = tuning.get("resumePreviousJobId")
        name = job_name(field) if field else None
        if field is None or name is None:
            return None
        return resumption(field, Continuation(job=name), self._context)

    def _seed(self, resumed: Resumption | None) -> int:
        if self._context.seed is not None:
            return self._context.seed
        return resumed.before.seed if resumed and resumed.before else 0

    def _objective(self, tuning: Table, resumed: Resumption | None) -> Objective:
        """What a job leaves out that goes on with another is as it was there."""
        asked = self._written_objective(tuning)
        if resumed is None or resumed.before is None:
            return asked
        before = resumed.before.objective
        goal = tuning.get("goal")
        unspecified = goal is None or (isinstance(goal.node, Scalar) and goal.node.raw == _NO_GOAL)
        asked = replace(
            asked,
            goal=before.goal if unspecified else asked.goal,
            metric=asked.metric if tuning.get("hyperparameterMetricTag") else before.metric,
        )
        resumed.check_objective(asked, self._places)
        return before

    def _written_objective(self, tuning: Table) -> Objective:
        tag = tuning.get("hyperparameterMetricTag")
        self._places.put("metric", tag)
        metric = (tag.text("the name of the metric") if tag else None) or DEFAULT_METRIC
        if tag and len(metric) > MAX_METRIC_NAME:
            tag.error(f"must have at most {MAX_METRIC_NAME} characters, got {len(metric)}")
            metric = DEFAULT_METRIC
        field = tuning.get("goal")
        goal = field.choice(_GOALS) if field else None
        self._places.put("goal", field)
        return Objective(metric=metric, goal=goal or Goal.MAXIMIZE)

    def _limits(self, training: Table, tuning: Table) -> Limits | None:
        trials = self._count(tuning, "maxTrials", "limits.trials")
        parallel = self._count(tuning, "maxParallelTrials", "limits.parallel", MAX_PARALLEL)
        field = tuning.get("maxFailedTrials")
        failed = field.integer(low=0) if field else 0
        if field and failed and trials and failed > trials:
            field.error(f"must not be above maxTrials ({trials}), got {failed}")
        if trials is None or parallel is None or failed is None:
            return None
        return Limits(
            trials=trials,
            parallel=parallel,
            failed=failed or None,
            timeout_s=self._timeout(training),
        )

    def _count(self, table: Table, key: str, path: str, high: int = 2**31 - 1) -> int | None:
        """A number of trials. Google counts 0 as not given, which is 1."""
        field = table.get(key)
        here = Field(table.node, nested(table.path, key), self._log)
        self._places.put(path, field or here)
        if field is None:
            return 1
        count = field.integer(0, high)
        if count == 0:
            field.warn("is 0; it was read as 1")
            return 1
        return count

    def _timeout(self, training: Table) -> float | None:
        field = training.get("scheduling")
        scheduling = field.table() if field else None
        if scheduling is None:
            return None
        check_fields(scheduling, "Scheduling")
        limit = scheduling.get("maxRunningTime")
        text = limit.text("a time such as 7200s") if limit else None
        if limit is None or text is None:
            return None
        seconds = durations.seconds(text)
        if seconds is None:
            limit.error(f"must be a time above 0 such as 7200s, got {limit.node}")
        elif not text.endswith("s"):
            limit.warn(f"was read as {seconds:g} seconds; Google writes {seconds:g}s")
        return seconds

    def _algorithm(self, tuning: Table) -> str:
        field = tuning.get("algorithm")
        return (field.choice(_ALGORITHMS) if field else None) or "bayesian"

    def _space(
        self, tuning: Table, algorithm: str, resumed: Resumption | None
    ) -> SearchSpace | None:
        if tuning.get("params") is None and tuning.get("resumePreviousJobId") is not None:
            return self._previous_space(resumed)
        asked = self._written_space(tuning, algorithm)
        return resumed.space(asked, self._places) if resumed and asked else asked

    def _previous_space(self, resumed: Resumption | None) -> SearchSpace | None:
        if resumed is None:
            return None
        if resumed.before is None:
            resumed.refuse_missing("params")
            return None
        return resumed.before.space

    def _written_space(self, tuning: Table, algorithm: str) -> SearchSpace | None:
        before = self._log.error_count
        field = tuning.required("params", "list the parameters to tune")
        self._places.put("parameters", field)
        parameters = PARAMS.read(field, self._places) if field else None
        if field is None or parameters is None:
            return None
        if algorithm == "grid":
            self._check_grid(parameters, field)
        if self._log.error_count > before:
            return None
        return space(parameters, (), self._places, field)

    def _check_grid(self, parameters: Sequence[Parameter], fallback: Field) -> None:
        for parameter in parameters:
            if parameter.levels is None:
                field = self._places.find(f"{parameter.name}.type") or fallback
                field.error(
                    "GRID_SEARCH needs INTEGER, DISCRETE or CATEGORICAL parameters, and "
                    f"{parameter.name} is DOUBLE; list its values as DISCRETE"
                )

    def _program(self, training: Table) -> Program | None:
        master = self._master(training)
        field = training.get("args")
        arguments = (field.texts("a list of arguments") if field else None) or ()
        extra = master.get("containerArgs") if master else None
        if extra and field:
            extra.error("and args cannot both be given; put all arguments into args")
        elif extra:
            arguments = extra.texts("a list of arguments") or ()
        named = training.get("pythonModule")
        self._places.put("module", named)
        command = master.get("containerCommand") if master else None
        module = python_module(named, self._context, self._log, arguments)
        if named is not None or self._context.module_name is not None:
            if command is not None:
                command.warn("is not used: the named Python module runs instead")
            return module
        if command is not None:
            return self._container_program(command, arguments)
        training.error(
            f"says nothing about the program to run: {HOW_TO_NAME_A_PROGRAM}, "
            "or write `pythonModule: trainer.task` under trainingInput"
        )
        return None

    def _master(self, training: Table) -> Table | None:
        field = training.get("masterConfig")
        table = field.table() if field else None
        if table is not None:
            check_fields(table, "ReplicaConfig")
        return table

    def _container_program(self, command: Field, arguments: Sequence[str]) -> Program | None:
        """The command of a container, run on this machine. Google places no values in it."""
        words = command.texts("a list of words")
        if not words:
            return None
        command.warn("runs on this machine, not in the container")
        self._places.put("command", command)
        every = (*words, *arguments, *self._context.arguments)
        return Argv(tuple(word.replace("${", "$${") for word in every))

    def _interpreter(self, training: Table) -> str | None:
        """That of the image, else of the runtime's version, else of Python's."""
        config = training.get("masterConfig")
        master = config.node if config and isinstance(config.node, Mapping) else None
        image = Table(master, nested(training.path, "masterConfig"), self._log) if master else None
        asked = []
        for table, key, prefix in (
            (image, "imageUri", ""),
            (training, "runtimeVersion", "runtime-"),
            (training, "pythonVersion", "python-"),
        ):
            field = table.get(key) if table else None
            text = field.words() if field else None
            if field and text:
                asked.append((field, (text, f"{prefix}{text}")))
        return interpreter(asked, self._context)

    def _packages(self, training: Table) -> tuple[str, ...]:
        field = training.get("packageUris")
        if field and self._context.package_path is not None:
            field.warn("is not used: the code is that of --package-path")
            return ()
        items = (field.items("a list of paths and URLs") if field else None) or []
        if field and len(items) > _MOST_PACKAGES:
            field.error(f"must hold at most {_MOST_PACKAGES} packages, got {len(items)}")
            return ()
        packages: list[str] = []
        for item in items:
            text = item.words("a path or a URL of a package")
            if text is not None:
                self._places.put(f"packages[{len(packages)}]", item)
                packages.append(self._context.absolute(text))
        return tuple(packages)

    def _launch(self, training: Table, program: Program) -> LaunchSpec | None:
        context = self._context
        field = training.get("jobDir")
        written = field.words("a folder or a URL") if field else None
        if field and written and "${" in written and context.job_dir is None:
            field.warn("holds a placeholder that nothing fills in; give --job-dir")
        self._places.put("job_dir", field)
        given = context.job_dir if context.job_dir is not None else written
        return built(
            lambda: LaunchSpec(
                program=program,
                code=CodeSpec(root=code_root(context)),
                packages=self._packages(training),
                job_dir=context.absolute(given) if given else None,
                python=self._interpreter(training) or context.python,
                resources=Resources(machine=google_machine(training)),
            ),
            self._places,
            field or Field(training.node, training.path, self._log),
        )
