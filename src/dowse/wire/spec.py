"""A JobSpec as JSON. It is stored for years: everything is written out, defaults included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias, assert_never

from pydantic import Field, ValidationError

from dowse.domain.constraints import Constraint
from dowse.domain.lineage import Continuation, Learning
from dowse.domain.metric_limits import MetricLimit
from dowse.domain.metrics import Objective
from dowse.domain.preferences import End, Preference
from dowse.domain.retries import ExitRetries, RetryOn
from dowse.domain.space import SearchSpace
from dowse.domain.spec import (
    AlgorithmSpec,
    Argv,
    CodeSpec,
    DataInput,
    DataKind,
    External,
    FailurePolicy,
    Input,
    JobSpec,
    LaunchSpec,
    Limits,
    Order,
    Passing,
    Program,
    PythonModule,
    Resources,
    Shell,
    StoppingSpec,
)
from dowse.domain.spec import Literal as LiteralValue
from dowse.errors import InvalidInput, Problem
from dowse.wire.base import (
    VERSION,
    Flag,
    Form,
    Free,
    Number,
    Value,
    Whole,
    problems_of,
    read,
)
from dowse.wire.lineage import ContinuationForm, LearningForm
from dowse.wire.parameters import ParameterForm, form_of_parameter, parameter_of_form
from dowse.wire.targets import LimitForm, ObjectiveForm


class ExitRetriesForm(Form):
    times: Whole = 0
    codes: tuple[Whole, ...] = ()


class RetryOnForm(Form):
    timeout: Whole = 0
    start_error: Whole = 0
    no_metric: Whole = 0
    exit: ExitRetriesForm = ExitRetriesForm()


class PreferenceForm(Form):
    """Of a parameter's values, `end` or the `order` are given."""

    name: str
    end: End | None = None
    order: tuple[Value, ...] = ()


class LimitsForm(Form):
    trials: Whole | None = None
    parallel: Whole = 1
    failed: Whole | None = None
    timeout_s: Number | None = None
    trial_timeout_s: Number | None = None
    retries: Whole = 1
    retry_on: RetryOnForm = RetryOnForm()
    failed_at_least: Whole = 5
    failed_share: Number = 0.5
    no_progress_s: Number | None = None
    cost: Number | None = None
    target: Number | None = None
    patience: Whole | None = None
    improvement: Literal["auto"] | Number | None = None


class ArgvForm(Form):
    kind: Literal["argv"] = "argv"
    words: tuple[str, ...]


class ShellForm(Form):
    kind: Literal["shell"] = "shell"
    text: str


class PythonModuleForm(Form):
    kind: Literal["python_module"] = "python_module"
    module: str
    arguments: tuple[str, ...] = ()


class ExternalForm(Form):
    kind: Literal["external"] = "external"


ProgramForm: TypeAlias = Annotated[
    ArgvForm | ShellForm | PythonModuleForm | ExternalForm, Field(discriminator="kind")
]


class CodeForm(Form):
    root: str | None = None
    exclude: tuple[str, ...] = ()
    link: tuple[str, ...] = ()


class ResourcesForm(Form):
    cpus: Number | None = None
    gpus: Whole | None = None
    memory_mb: Whole | None = None
    machine: str | None = None


class LiteralForm(Form):
    kind: Literal["literal"] = "literal"
    value: Value
    text: str


class DataForm(Form):
    kind: Literal["file", "folder"]
    path: str


InputForm: TypeAlias = Annotated[LiteralForm | DataForm, Field(discriminator="kind")]


class PassingForm(Form):
    append: Flag = True
    constants: dict[str, LiteralForm] = Field(default_factory=dict)
    names: dict[str, str] = Field(default_factory=dict)
    composed: tuple[str, ...] = ()
    file: str | None = None
    variable_prefixes: tuple[str, ...] = ()


CommandForm: TypeAlias = Annotated[ArgvForm | ShellForm, Field(discriminator="kind")]


class LaunchForm(Form):
    program: ProgramForm
    code: CodeForm
    packages: tuple[str, ...] = ()
    passing: PassingForm = PassingForm()
    inputs: dict[str, InputForm] = Field(default_factory=dict)
    outputs: dict[str, DataKind] = Field(default_factory=dict)
    job_dir: str | None = None
    env: dict[str, str] = Field(default_factory=dict)
    pass_all_env: Flag = False
    python: str | None = None
    resources: ResourcesForm = ResourcesForm()
    stdout_pattern: str | None = None
    event_dirs: tuple[str, ...] = ()
    prepare: CommandForm | None = None


class AlgorithmForm(Form):
    name: str
    options: Free = Field(default_factory=dict)
    repeats: Flag = False


class StoppingForm(Form):
    rule: str
    options: Free = Field(default_factory=dict)
    controls: Number | None = None


class SpecForm(Form):
    version: Literal[1] = VERSION
    name: str | None = None
    description: str | None = None
    labels: dict[str, str] = Field(default_factory=dict)
    parameters: tuple[ParameterForm, ...]
    constraints: tuple[str, ...] = ()
    objectives: tuple[ObjectiveForm, ...]
    algorithm: AlgorithmForm
    stopping: StoppingForm | None = None
    failures: FailurePolicy = FailurePolicy.AUTOMATIC
    order: Order = Order.COMPLETION
    metric_limits: tuple[LimitForm, ...] = ()
    side_metrics: tuple[str, ...] = ()
    prefer: tuple[PreferenceForm, ...] = ()
    continues: ContinuationForm | None = None
    learning: LearningForm = LearningForm()
    limits: LimitsForm
    launch: LaunchForm
    seed: Whole = 0
    dialect: str = "native"
    document: str = ""
    warnings: tuple[str, ...] = ()


def spec_to_json(spec: JobSpec) -> dict[str, Any]:
    """Raises InvalidInput for what JSON cannot say, such as a choice that is not finite."""
    try:
        return _form_of_spec(spec).to_json()
    except ValidationError as error:
        raise InvalidInput(problems_of(error, {})) from None


def spec_from_json(document: Mapping[str, Any]) -> JobSpec:
    """Raises InvalidInput, also for a form of another version."""
    version = document.get("version")
    if version != VERSION:
        message = f"must be {VERSION}, the form that this Dowse reads, got {version!r}"
        raise InvalidInput([Problem(path="version", message=message)])
    return _spec_of_form(read(SpecForm, document))


def _form_of_spec(spec: JobSpec) -> SpecForm:
    launch = spec.launch
    return SpecForm(
        name=spec.name,
        description=spec.description,
        labels=dict(spec.labels),
        parameters=tuple(form_of_parameter(parameter) for parameter in spec.space.parameters),
        constraints=tuple(relation.text for relation in spec.space.relations),
        objectives=tuple(ObjectiveForm.model_validate(each) for each in spec.objectives),
        algorithm=AlgorithmForm.model_validate(spec.algorithm),
        stopping=StoppingForm.model_validate(spec.stopping) if spec.stopping else None,
        failures=spec.failures,
        order=spec.order,
        metric_limits=tuple(LimitForm.model_validate(each) for each in spec.metric_limits),
        side_metrics=spec.side_metrics,
        prefer=tuple(_form_of_preference(each) for each in spec.prefer),
        continues=ContinuationForm.model_validate(spec.continues) if spec.continues else None,
        learning=LearningForm.model_validate(spec.learning),
        limits=LimitsForm.model_validate(spec.limits),
        launch=LaunchForm(
            program=_form_of_program(launch.program),
            code=CodeForm.model_validate(launch.code),
            packages=launch.packages,
            passing=_form_of_passing(launch.passing),
            inputs={name: _form_of_input(item) for name, item in launch.inputs.items()},
            outputs=dict(launch.outputs),
            job_dir=launch.job_dir,
            env=dict(launch.env),
            pass_all_env=launch.pass_all_env,
            python=launch.python,
            resources=ResourcesForm.model_validate(launch.resources),
            stdout_pattern=launch.stdout_pattern,
            event_dirs=launch.event_dirs,
            prepare=None if launch.prepare is None else _form_of_command(launch.prepare),
        ),
        seed=spec.seed,
        dialect=spec.dialect,
        document=spec.document,
        warnings=spec.warnings,
    )


def _spec_of_form(form: SpecForm) -> JobSpec:
    launch = dict(form.launch) | {
        "program": _program_of_form(form.launch.program),
        "code": CodeSpec(**dict(form.launch.code)),
        "passing": _passing_of_form(form.launch.passing),
        "inputs": {name: _input_of_form(item) for name, item in form.launch.inputs.items()},
        "resources": Resources(**dict(form.launch.resources)),
        "prepare": _command_of_form(form.launch.prepare) if form.launch.prepare else None,
    }
    constraints: tuple[Constraint | str, ...] = form.constraints
    return JobSpec(
        space=SearchSpace(
            tuple(parameter_of_form(parameter) for parameter in form.parameters), constraints
        ),
        objectives=tuple(Objective(**dict(each)) for each in form.objectives),
        limits=_limits_of_form(form.limits),
        launch=LaunchSpec(**launch),
        algorithm=AlgorithmSpec(**dict(form.algorithm)),
        stopping=StoppingSpec(**dict(form.stopping)) if form.stopping else None,
        failures=form.failures,
        order=form.order,
        metric_limits=tuple(MetricLimit(**dict(each)) for each in form.metric_limits),
        side_metrics=form.side_metrics,
        prefer=tuple(_preference_of_form(each) for each in form.prefer),
        continues=Continuation(**dict(form.continues)) if form.continues else None,
        learning=Learning(**dict(form.learning)),
        seed=form.seed,
        name=form.name,
        description=form.description,
        labels=form.labels,
        dialect=form.dialect,
        document=form.document,
        warnings=form.warnings,
    )


def _limits_of_form(form: LimitsForm) -> Limits:
    exits = ExitRetries(**dict(form.retry_on.exit))
    retry_on = RetryOn(**dict(form.retry_on) | {"exit": exits})
    return Limits(**dict(form) | {"retry_on": retry_on})


def _form_of_preference(preference: Preference) -> PreferenceForm:
    wanted = preference.wanted
    if isinstance(wanted, End):
        return PreferenceForm(name=preference.name, end=wanted)
    return PreferenceForm(name=preference.name, order=wanted)


def _preference_of_form(form: PreferenceForm) -> Preference:
    return Preference(form.name, form.order if form.end is None else form.end)


def _form_of_passing(passing: Passing) -> PassingForm:
    return PassingForm(
        append=passing.append,
        constants={name: _form_of_literal(one) for name, one in passing.constants.items()},
        names=dict(passing.names),
        composed=passing.composed,
        file=passing.file,
        variable_prefixes=passing.variable_prefixes,
    )


def _passing_of_form(form: PassingForm) -> Passing:
    constants = {name: LiteralValue(one.value, one.text) for name, one in form.constants.items()}
    return Passing(**dict(form) | {"constants": constants})


def _form_of_literal(literal: LiteralValue) -> LiteralForm:
    return LiteralForm(value=literal.value, text=literal.text)


def _form_of_input(item: Input) -> InputForm:
    match item:
        case LiteralValue():
            return _form_of_literal(item)
        case DataInput():
            return DataForm(kind=item.kind.value, path=item.path)
    assert_never(item)


def _input_of_form(form: InputForm) -> Input:
    match form:
        case LiteralForm():
            return LiteralValue(form.value, form.text)
        case DataForm():
            return DataInput(DataKind(form.kind), form.path)
    assert_never(form)


def _form_of_program(program: Program) -> ProgramForm:
    match program:
        case Argv() | Shell():
            return _form_of_command(program)
        case PythonModule():
            return PythonModuleForm.model_validate(program)
        case External():
            return ExternalForm()
    assert_never(program)


def _program_of_form(form: ProgramForm) -> Program:
    match form:
        case ArgvForm() | ShellForm():
            return _command_of_form(form)
        case PythonModuleForm():
            return PythonModule(form.module, form.arguments)
        case ExternalForm():
            return External()
    assert_never(form)


def _form_of_command(command: Argv | Shell) -> ArgvForm | ShellForm:
    if isinstance(command, Argv):
        return ArgvForm.model_validate(command)
    return ShellForm.model_validate(command)


def _command_of_form(form: ArgvForm | ShellForm) -> Argv | Shell:
    return Argv(form.words) if isinstance(form, ArgvForm) else Shell(form.text)
