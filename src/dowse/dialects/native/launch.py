"""How a native job starts its trials, and where their metrics may be found."""

from __future__ import annotations

from dowse.dialects import durations
from dowse.dialects.native import keys
from dowse.dialects.native.passing import read_inputs, read_outputs, read_passing
from dowse.dialects.native.preparation import read_packages, read_prepare
from dowse.dialects.native.program import read_code, read_program
from dowse.dialects.protocol import ReadContext
from dowse.dialects.reader import Field, Places, Table
from dowse.domain.spec import LaunchSpec, Resources


def read_launch(
    root: Table, context: ReadContext, pattern: str | None, places: Places
) -> LaunchSpec | None:
    program = read_program(root, context, places)
    code = read_code(root, context, places)
    environment = root.get("env")
    env = environment.text_map() if environment else {}
    for name, value in (environment.table() if environment else None) or ():
        places.put(f"env.{name}", value)
    resources = _resources(root)
    job_dir, python = _job_dir(root, context), _python(root, context)
    places.put("python", root.get("python"))
    event_dirs = _event_dirs(root, context, places)
    passing, outputs = read_passing(root, places), read_outputs(root, places)
    inputs = read_inputs(root, context, places)
    packages, prepare = read_packages(root, context, places), read_prepare(root)
    if program is None:
        return None
    return LaunchSpec(
        program=program,
        code=code,
        passing=passing,
        inputs=inputs,
        outputs=outputs,
        job_dir=job_dir,
        env=env,
        python=python,
        resources=resources,
        stdout_pattern=pattern,
        event_dirs=event_dirs,
        packages=packages,
        prepare=prepare,
    )


def _job_dir(root: Table, context: ReadContext) -> str | None:
    field = root.get("job_dir")
    written = field.words("a folder or a URL") if field else None
    given = context.job_dir if context.job_dir is not None else written
    return context.absolute(given) if given else None


def _python(root: Table, context: ReadContext) -> str | None:
    """A bare name is looked up on PATH; a path starts at the job file's folder."""
    field = root.get("python")
    written = field.words("an interpreter, such as .venv/bin/python") if field else None
    if written is None:
        return context.python
    return context.absolute(written) if "/" in written else written


def _event_dirs(root: Table, context: ReadContext, places: Places) -> tuple[str, ...]:
    field = root.get("event_dirs")
    folders = []
    for index, item in enumerate((field.items("a list of folders") if field else None) or ()):
        places.put(f"event_dirs[{index}]", item)
        folder = item.words("a folder with ${trial} in it")
        if folder is not None:
            folders.append(context.absolute(folder))
    return tuple(folders)


def _resources(root: Table) -> Resources:
    field = root.get("resources")
    table = field.table("a mapping such as {cpus: 2, gpus: 1, memory: 4GB}") if field else None
    if table is None:
        return Resources()
    table.refuse_unknown(keys.RESOURCES)
    gpus, machine = table.get("gpus"), table.get("machine")
    return Resources(
        cpus=_cpus(table.get("cpus")),
        gpus=gpus.integer(0, 10_000) if gpus else None,
        memory_mb=_memory(table.get("memory")),
        machine=machine.words("the name of a type of machine") if machine else None,
    )


def _cpus(field: Field | None) -> float | None:
    cpus = field.finite("a number above 0") if field else None
    if field is not None and cpus is not None and not cpus > 0:
        field.error(f"must be a number above 0, got {field.node}")
    return None if cpus is None else float(cpus)


def _memory(field: Field | None) -> int | None:
    text = field.text("a size such as 4GB or 512MB") if field else None
    if field is None or text is None:
        return None
    size = durations.megabytes(text)
    if size is None:
        field.error(f"must be a size such as 4GB or 512MB, got {field.node}")
    return size
