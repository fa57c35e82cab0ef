"""What an attempt is started with: command, environment, files. Pure: nothing is read or written.

Values reach a program as words of its command, as variables, and in a JSON file. They never
become part of a text that a shell reads.
"""

from __future__ import annotations

import json
import os.path
import re
import shlex
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import assert_never

from dowse.domain.confirmation import seed_argument, seed_of
from dowse.domain.spec import Argv, External, JobSpec, LaunchSpec, PythonModule, Shell
from dowse.domain.trial import Trial
from dowse.ports import Launch
from dowse.runtime import layout
from dowse.runtime.values import (
    Handed,
    filled,
    hand_over,
    local_path,
    output_folders,
    places,
    scheme_of,
)

PARAMETERS = "parameters.json"
"""The values of a trial as one JSON object; in the directory of the attempt."""

SEED_VARIABLE = "DOWSE_SEED"
"""The seed of a trial that has one of its own: in jobs that run configurations again."""

PYTHON_WORDS = frozenset({"python", "python3"})
"""Commands that mean "the job's interpreter", whichever that is."""

INHERITED = re.compile(
    r"PATH|HOME|USER|LOGNAME|SHELL|TERM|LANG|LANGUAGE|LC_.*|TZ|TMPDIR|XDG_.*"
    r"|CUDA_.*|NVIDIA_.*|ROCR_.*|HIP_.*|LD_LIBRARY_PATH|DYLD_.*|OMP_.*|MKL_.*|OPENBLAS_.*"
    r"|VIRTUAL_ENV|CONDA_.*|PYTHON.*|R_.*|JULIA_.*|JAVA_HOME"
    r"|(?:https?|ftp|no|all)_proxy|(?:HTTPS?|FTP|NO|ALL)_PROXY|SSL_CERT_.*|REQUESTS_CA_BUNDLE"
)
"""Variables of a server that say where things are; everything else may be a secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchPlan:
    """A launch, and what must exist before it.

    `files` are names in the attempt's directory with their texts, `folders` absolute paths.
    `job_dir` is what the program is told; None when the job has none. `outputs` is where the
    job's named outputs are; None when it names none. `warnings` are for the user.
    """

    launch: Launch
    files: Mapping[str, str]
    folders: tuple[Path, ...] = ()
    job_dir: str | None = None
    outputs: Path | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDirectory:
    """Where `--job-dir` leads for one trial, and a warning when that is not where it points."""

    path: str
    warning: str | None = None

    @property
    def is_local(self) -> bool:
        return scheme_of(self.path) is None


def build_launch(
    spec: JobSpec,
    trial: Trial,
    *,
    directory: Path,
    base_env: Mapping[str, str],
    python: str,
    unreachable_dir: Path,
    inputs_dir: Path,
    packages: Path | None = None,
    reachable: Collection[str] = (),
    grace_s: float = 10.0,
    reached_by: Mapping[str, str] = MappingProxyType({}),
) -> LaunchPlan:
    """Plan one attempt in `directory`, which is absolute and belongs to it alone.

    `inputs_dir` is where the job's fetched inputs lie, `packages` where its packages were
    installed. `base_env` is what `inherited` left of the environment. `reachable` are the schemes
    of remote job directories that can be used from here; the others are mapped below
    `unreachable_dir`. `reached_by` are the variables by which the program finds its server.
    """
    place = job_directory(spec, trial.number, reachable=reachable, unreachable_dir=unreachable_dir)
    job_dir = place.path if place else None
    outputs = Path(place.path) if place and place.is_local else directory / layout.OUTPUTS
    handed = hand_over(spec, trial, inputs=inputs_dir, outputs=outputs)
    environment = {
        **base_environment(spec.launch, base_env, python, packages),
        **_told(spec, trial, directory, handed),
        **reached_by,
    }
    if job_dir is not None:
        environment["DOWSE_JOB_DIR"] = job_dir
    program = spec.launch.program
    seed = seed_argument(spec, trial)
    argv = None if isinstance(program, Shell) else _argv(spec, handed, job_dir, python, seed)
    resources = spec.launch.resources
    launch = Launch(
        attempt=trial.ref,
        directory=directory,
        working_directory=directory / layout.WORK,
        argv=argv,
        shell=program.text if isinstance(program, Shell) else None,
        environment=environment,
        timeout_s=spec.limits.trial_timeout_s,
        grace_s=grace_s,
        cpus=resources.cpus,
        gpus=resources.gpus,
    )
    values = json.dumps(handed.objects, ensure_ascii=False, indent=1) + "\n"
    files = {PARAMETERS: values}
    if spec.launch.passing.file is not None:
        files[f"{layout.WORK}/{spec.launch.passing.file}"] = values
    # A program that writes to an object store makes no folders, for there are none.
    mapped = (Path(place.path),) if place and place.warning else ()
    return LaunchPlan(
        launch=launch,
        files=files,
        folders=(
            layout.checkpoint_directory(directory, trial.number),
            *mapped,
            *output_folders(spec.launch, outputs),
        ),
        job_dir=job_dir,
        outputs=outputs if spec.launch.outputs else None,
        warnings=(place.warning,) if place and place.warning else (),
    )


def command_line(launch: Launch) -> str:
    """The command as a person would type it."""
    return command_line_of(launch.argv, launch.shell)


def command_line_of(argv: Sequence[str] | None, shell: str | None) -> str:
    return shlex.join(argv) if argv is not None else shell or ""


def variable_name(name: str, kind: str = "PARAM") -> str:
    """`learning-rate` → `DOWSE_PARAM_LEARNING_RATE`; kinds are PARAM, INPUT and OUTPUT."""
    letters = (letter if letter.isalnum() else "_" for letter in name.upper())
    return f"DOWSE_{kind}_" + "".join(letters)


def variable_of_place(place: str) -> str:
    """The variable that holds what stands for `${place}`."""
    kind, _, name = place.partition(".")
    if name and kind in ("inputs", "outputs"):
        return variable_name(name, kind.removesuffix("s").upper())
    return variable_name(place)


def _argv(
    spec: JobSpec, handed: Handed, job_dir: str | None, python: str, seed: str | None
) -> tuple[str, ...]:
    program = spec.launch.program
    match program:
        case Shell():
            raise AssertionError("text for a shell has no words")
        case External():
            raise AssertionError("a trial that its client runs has no command")
        case PythonModule():
            words = [python, "-m", program.module, *program.arguments]
            placed: set[str] = set()
        case Argv():
            words = [filled(word, handed) for word in program.words]
            placed = {name for word in program.words for name in places(word)}
            if words[0] in PYTHON_WORDS:
                words[0] = python
        case _:
            assert_never(program)
    if job_dir is not None:
        words.append(f"--job-dir={job_dir}")
    if seed is not None:
        words.append(seed)
    if spec.launch.passing.append:
        words += [f"--{name}={text}" for name, text in handed.passed.items() if name not in placed]
    return tuple(words)


def base_environment(
    launch: LaunchSpec, given: Mapping[str, str], python: str, packages: Path | None
) -> dict[str, str]:
    """The variables that do not depend on the trial; `python` is the one that PATH finds, and
    what lies in `packages` is found before anything else.
    """
    # PYTHONUNBUFFERED: otherwise the log of a Python program appears only after 8 kB or its end.
    variables = {"PYTHONUNBUFFERED": "1", **given, **launch.env}
    if packages is not None:
        paths = (str(packages), variables.get("PYTHONPATH"))
        variables["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    if os.path.isabs(python):
        folder = os.path.dirname(python)
        path = variables.get("PATH", os.defpath)
        if path.split(os.pathsep)[0] != folder:
            variables["PATH"] = f"{folder}{os.pathsep}{path}"
    return variables


def _told(spec: JobSpec, trial: Trial, directory: Path, handed: Handed) -> dict[str, str]:
    """The variables that tell a program about its trial."""
    number = str(trial.number)
    named = {
        f"{prefix}{name}": text
        for prefix in spec.launch.passing.variable_prefixes
        for name, text in handed.everything().items()
    }
    tables = {"PARAM": handed.passed, "INPUT": handed.inputs, "OUTPUT": handed.outputs}
    values = {
        variable_name(name, kind): text
        for kind, table in tables.items()
        for name, text in table.items()
    }
    seed = seed_of(spec, trial)
    seeded = {} if seed is None else {SEED_VARIABLE: str(seed)}
    return (named | values | seeded) | {
        layout.ATTEMPT_VARIABLE: str(trial.ref),
        layout.REPORT_VARIABLE: str(directory / layout.REPORT),
        layout.STOP_VARIABLE: str(directory / layout.STOP),
        layout.HYPERTUNE_VARIABLE: str(directory / layout.HYPERTUNE),
        layout.CHECKPOINT_VARIABLE: str(layout.checkpoint_directory(directory, trial.number)),
        "DOWSE_PARAMS_FILE": str(directory / PARAMETERS),
        "DOWSE_TRIAL_ID": f"{trial.job}/{number}",
        "DOWSE_TRIAL_JOB": trial.job,
        "DOWSE_TRIAL_NUMBER": number,
        "DOWSE_TRIAL_ATTEMPT": str(trial.attempt),
        "DOWSE_TRIAL_DIR": str(directory),
        "CLOUD_ML_TRIAL_ID": number,
        "TF_CONFIG": _tf_config(number),
    }


def _tf_config(number: str) -> str:
    # Programs join task.trial to a path, so it is text. Without `cluster`, Estimator accepts
    # the type `worker` only.
    task = {"type": "worker", "index": 0, "trial": number}
    return json.dumps({"task": task, "environment": "cloud"})


def inherited(
    environ: Mapping[str, str], *, everything: bool, names: Collection[str] = ()
) -> dict[str, str]:
    """What a trial gets of the environment that Dowse runs in.

    `everything` but Dowse's own settings and what an outer trial was told; otherwise the
    variables that say where things are, and those that `names` adds.
    """
    return {
        name: value
        for name, value in environ.items()
        if not is_reserved(name)
        and (everything or name in names or INHERITED.fullmatch(name) is not None)
    }


def is_reserved(name: str) -> bool:
    """Whether Dowse alone decides about a variable."""
    return name.startswith(("DOWSE_", "CLOUD_ML_")) or name == "TF_CONFIG"


def choose_interpreter(
    *,
    job: str | None,
    code_root: str | None,
    flag: str | None,
    environ: Mapping[str, str],
    python3_on_path: bool,
    own: str,
) -> str:
    """The job's `python`, else the flag, the active virtual environment, `python3`, Dowse's own.

    A bare name is left to the trial's PATH; a relative path of the job starts at its code.
    """
    if job:
        return os.path.normpath(os.path.join(code_root or "", job)) if "/" in job else job
    if flag:
        return flag
    if active := environ.get("VIRTUAL_ENV"):
        return os.path.join(active, "bin", "python")
    return "python3" if python3_on_path else own


def job_directory(
    spec: JobSpec, number: int, *, reachable: Collection[str], unreachable_dir: Path
) -> JobDirectory | None:
    """`<job_dir>/<number>`; a relative one starts at the code's root."""
    given = spec.launch.job_dir
    if given is None:
        return None
    local = local_job_directory(spec)
    if local is not None:
        return JobDirectory(path=str(local / str(number)))
    scheme = str(scheme_of(given))
    if scheme in reachable:
        return JobDirectory(path=f"{given.rstrip('/')}/{number}")
    parts = [part for part in given.partition("://")[2].split("/") if part not in ("", ".", "..")]
    mapped = unreachable_dir.joinpath(scheme, *parts)
    return JobDirectory(
        path=str(mapped / str(number)),
        warning=f"job directory {given} cannot be reached from here: outputs go to {mapped}",
    )


def local_job_directory(spec: JobSpec) -> Path | None:
    """The job's directory where it is one of this machine; `file://` is a plain path."""
    given = spec.launch.job_dir
    if given is None or scheme_of(given) is not None:
        return None
    return _from_code(spec, local_path(given))


def _from_code(spec: JobSpec, path: str) -> Path:
    """A path of the job; a relative one starts at its code, and is refused where there is none."""
    return Path(spec.launch.code.root or os.path.sep, path)


def event_roots(spec: JobSpec, plan: LaunchPlan) -> dict[str, Path]:
    """The directories whose event files are this trial's, each under a short name."""
    number = str(plan.launch.attempt.trial)
    roots = {"work": plan.launch.working_directory}
    if plan.job_dir is not None and scheme_of(plan.job_dir) is None:
        roots["job"] = Path(plan.job_dir)
    elif plan.outputs is not None:
        roots["outputs"] = plan.outputs
    for index, folder in enumerate(spec.launch.event_dirs):
        path = folder.replace("${trial}", number)
        roots[f"events{index}"] = _from_code(spec, path)
    return roots
