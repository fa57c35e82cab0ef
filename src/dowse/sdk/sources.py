"""What may be submitted: a file, a text, a mapping, or an object of `azure.ai.ml`."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dowse.dialects.azure_ml import objects as azure_ml_objects
from dowse.errors import InvalidInput
from dowse.wire.requests import SubmitRequest

Source = str | os.PathLike[str] | Mapping[str, Any] | object


def request_of(
    source: Source,
    *,
    folder: str | os.PathLike[str] | None = None,
    name: str | None = None,
    seed: int | None = None,
    dialect: str | None = None,
    module_name: str | None = None,
    package_path: str | os.PathLike[str] | None = None,
    job_dir: str | None = None,
    python: str | None = None,
    arguments: Sequence[str] = (),
    learn_from: str | Sequence[str] | None = None,
    environment: Mapping[str, str] | None = None,
    elsewhere: bool = False,
) -> SubmitRequest:
    """Raises InvalidInput for what cannot be read, or is no job at all.

    A server `elsewhere` is sent the folder: of an object of `azure.ai.ml`, that of its code.
    """
    if azure_ml_objects.is_exportable(source):
        source = azure_ml_objects.exported(source)
        if elsewhere and folder is None:
            source, folder = _carried(source)
    text, file, beside = _text_of(source)
    where = Path(beside if folder is None else folder).expanduser().absolute()
    return SubmitRequest(
        document=text,
        file=file,
        folder=str(where),
        dialect=None if dialect is None else dialect.replace("-", "_"),
        name=name,
        seed=seed,
        module_name=module_name,
        package_path=None if package_path is None else os.path.join(where, package_path),
        job_dir=job_dir,
        python=python,
        arguments=tuple(arguments),
        learn_from=_names(learn_from),
        environment=None if environment is None else dict(environment),
    )


def range_text(given: str | Sequence[Any]) -> str:
    """`3..30` of a tuple of two, `4,16,32` of a list; a text as it is."""
    if isinstance(given, str):
        return given
    parts = [each if isinstance(each, str) else repr(each) for each in given]
    return ("..".join if isinstance(given, tuple) and len(parts) == 2 else ",".join)(parts)


def _names(learn_from: str | Sequence[str] | None) -> tuple[str, ...] | None:
    if learn_from is None:
        return None
    return (learn_from,) if isinstance(learn_from, str) else tuple(learn_from)


def _text_of(source: Source) -> tuple[str, str, Path]:
    """The document, the name for it in messages, and the folder where its paths begin."""
    if isinstance(source, Mapping):
        return _json_of(source), "job.json", Path.cwd()
    if isinstance(source, os.PathLike) or (isinstance(source, str) and _is_path(source)):
        from dowse.dialects.documents import read_text

        path = Path(source).expanduser()
        return read_text(path), str(path), path.absolute().parent
    if isinstance(source, str):
        return source, "job.yaml", Path.cwd()
    kind = type(source).__name__
    message = f"a job is a path, text, a mapping or an object of azure.ai.ml, got {kind}"
    raise InvalidInput(message)


def _carried(job: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """A sweep whose code lies on this machine, with the code where it will be: in the folder."""
    trial = job.get("trial")
    if not isinstance(trial, Mapping):
        return job, None
    code = trial.get("code")
    if not isinstance(code, str) or not os.path.isdir(code):
        return job, None
    return {**job, "trial": {**trial, "code": "."}}, code


def _is_path(text: str) -> bool:
    return "\n" not in text and not text.lstrip().startswith("{")


def _json_of(source: Mapping[str, Any]) -> str:
    try:
        return json.dumps(source, ensure_ascii=False, indent=2, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"the job holds what JSON cannot say: {error}") from None
