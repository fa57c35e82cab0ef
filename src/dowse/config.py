"""Settings: parsed once from a file and the environment, frozen, an unknown key is an error.

Every setting `name` is also the environment variable `DOWSE_NAME`, which wins over the file
`config.toml` in the user's configuration directory (or the file that DOWSE_CONFIG names).
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from dowse.domain.prices import Price, listed_prices
from dowse.errors import InvalidInput, Location, Problem

PREFIX = "DOWSE_"
RESERVED = ("DOWSE_TRIAL_", "DOWSE_PARAM_", "DOWSE_JOB_")
"""What a trial sees begins so; a Dowse that runs inside a trial must not trip over it."""
RESERVED_NAMES = frozenset(
    {
        "DOWSE_ATTEMPT",
        "DOWSE_PARAMS_FILE",
        "DOWSE_REPORT_FILE",
        "DOWSE_SEED",
        "DOWSE_STOP_FILE",
    }
)
CONFIG_VARIABLE = "DOWSE_CONFIG"
MIN_TOKEN = 16
TOKEN = re.compile(rf"[A-Za-z0-9\-._~+/=]{{{MIN_TOKEN},512}}")
"""What fits into a header without quoting."""
URL = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*[^\s?#/])?")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One field for each setting, with its default. Durations in seconds, sizes in MB."""

    data_dir: Path
    """Where everything durable lies."""
    python: str | None = None
    """The interpreter of trials that name none."""
    cpus: float | None = None
    """CPU slots for trials that ask for CPUs; all processors when unset."""
    gpus: tuple[str, ...] | None = None
    """The ids of the GPUs that trials may have; those of the machine when unset."""
    grace_s: float = 10.0
    """From TERM to KILL when a trial is ended."""
    poll_s: float = 0.2
    """How often the metrics of running trials are looked at."""
    min_free_mb: int = 100
    """With less free space on the data directory's disk no trial is started."""
    max_code_mb: int = 200
    """The largest program folder that is copied."""
    max_log_mb: int = 100
    """A longer log of an ended trial is cut to its beginning and its end; 0 keeps all."""
    pass_env: tuple[str, ...] = ()
    """Further environment variables that trials of a server get."""
    environments: Mapping[str, str] = field(default_factory=dict)
    """Interpreters and virtual environments of this machine, by the services' names for them."""
    quotas: Mapping[str, int] = field(default_factory=dict)
    """How many trials run at once on each type of machine; `*` is any other type."""
    prices: Mapping[str, Price] = field(default_factory=listed_prices)
    """What an hour of each type of machine costs, and perhaps its ML units; `*` is any other."""
    currency: str = "USD"
    """Of the prices."""
    host: str = "127.0.0.1"
    """Where `dowse serve` listens."""
    port: int = 8470
    """The port of `dowse serve`; 0 leaves it at the one that trials use."""
    allowed_hosts: tuple[str, ...] = ()
    """Further names by which the server may be called, each with or without a port."""
    insecure_no_tls: bool = False
    """Whether `host` may be reachable from other machines without TLS in front of it."""
    public_url: str | None = None
    """Where people reach the server, when that is not where it listens: behind a proxy."""
    url: str | None = None
    """The server that commands speak to, in place of the owner of the data directory."""
    token: str | None = field(default=None, repr=False)
    """The owner's token: of `url`, or in place of the one in the data directory."""
    max_body_mb: int = 8
    """The largest body of a request, but for uploads and logged files."""
    max_artifact_mb: int = 10_000
    """The largest file that a program may log over HTTP."""
    max_json_depth: int = 32
    """How deep the JSON of a request may nest."""
    body_timeout_s: float = 30.0
    """How long the body of a request may take to arrive."""
    max_streams: int = 100
    """How many may follow events at once."""

    def __post_init__(self) -> None:
        problems = [
            Problem(path=name, message=f"must be above 0, got {value!r}")
            for name in (
                "grace_s",
                "poll_s",
                "max_code_mb",
                "max_body_mb",
                "max_artifact_mb",
                "max_json_depth",
                "body_timeout_s",
            )
            if not (value := getattr(self, name)) > 0
        ]
        if self.cpus is not None and not self.cpus > 0:
            problems.append(Problem(path="cpus", message=f"must be above 0, got {self.cpus!r}"))
        problems += [
            Problem(path=name, message=f"must be 0 or more, got {value!r}")
            for name in ("min_free_mb", "max_log_mb")
            if (value := getattr(self, name)) < 0
        ]
        problems += [
            Problem(path=f"quotas.{name}", message=f"must be 1 or more, got {value!r}")
            for name, value in self.quotas.items()
            if value < 1
        ]
        problems += _address_problems(self)
        if problems:
            raise InvalidInput(problems)

    def shown(self) -> dict[str, Any]:
        """What anybody who may look at all may see: everything but the token."""
        return {
            one.name: _shown(value)
            for one in fields(self)
            if one.name != "token"
            for value in [getattr(self, one.name)]
        }


def _shown(value: object) -> Any:
    """As JSON can say it."""
    match value:
        case Path():
            return str(value)
        case Price():
            return {"per_hour": value.per_hour, "ml_units": value.ml_units}
        case Mapping():
            return {name: _shown(one) for name, one in value.items()}
    return value


def _address_problems(settings: Settings) -> list[Problem]:
    """What is wrong with where the server is to be reached, and by whom."""
    problems = []
    if not 0 <= settings.port <= 65_535:
        message = f"must be from 0 to 65535, got {settings.port}"
        problems.append(Problem(path="port", message=message))
    if settings.token is not None and not TOKEN.fullmatch(settings.token):
        message = (
            f"must be {MIN_TOKEN} or more letters, digits and -._~+/=, so that nobody guesses it; "
            f"this one has {len(settings.token)} characters"
        )
        problems.append(Problem(path="token", message=message))
    for name in ("public_url", "url"):
        url = getattr(settings, name)
        if url is not None and not URL.fullmatch(url):
            message = f"must be http://… or https://… without a slash at its end, got {url!r}"
            problems.append(Problem(path=name, message=message))
    return problems


def refuse_open_doors(settings: Settings) -> None:
    """Raises InvalidInput where a server would be open to others without the precautions."""
    if settings.host in LOOPBACK:
        return
    problems = []
    if not settings.allowed_hosts:
        message = (
            f"{settings.host} is reachable from other machines: name what they call this one "
            "with --allowed-host (DOWSE_ALLOWED_HOSTS), such as tuning.example"
        )
        problems.append(Problem(path="allowed_hosts", message=message))
    if not settings.insecure_no_tls:
        message = (
            f"{settings.host} is reachable from other machines, and tokens would cross the network "
            "in clear: listen on 127.0.0.1 behind a proxy with TLS, or accept it with "
            "--insecure-no-tls (DOWSE_INSECURE_NO_TLS)"
        )
        problems.append(Problem(path="insecure_no_tls", message=message))
    if problems:
        raise InvalidInput(problems)


def load_settings(environment: Mapping[str, str], **overrides: Any) -> Settings:
    """Settings from the file, the environment and then `overrides` that are not None.

    Raises InvalidInput naming the variable, or the file and key, with the value.
    """
    values: dict[str, Any] = {}
    path = _config_path(environment)
    if path is not None:
        values.update(_from_file(path))
    values.update(_from_environment(environment))
    values.update({name: value for name, value in overrides.items() if value is not None})
    if "data_dir" not in values:
        from platformdirs import user_data_path

        values["data_dir"] = user_data_path("dowse", appauthor=False)
    settings = Settings(**values)
    return replace(settings, data_dir=settings.data_dir.expanduser().absolute())


def setting_names() -> tuple[str, ...]:
    return tuple(field.name for field in fields(Settings))


def _config_path(environment: Mapping[str, str]) -> Path | None:
    named = environment.get(CONFIG_VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_config_path

    path = user_config_path("dowse", appauthor=False) / "config.toml"
    # Unlike Path.exists, this is no error in a home directory that is closed to this user.
    return path if os.path.exists(path) else None


def _from_file(path: Path) -> dict[str, Any]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInput(f"{CONFIG_VARIABLE}: cannot read {path}: {error.strerror}") from None
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"{path}: {error}") from None
    place = Location(file=str(path), line=1, column=1)
    problems = [
        Problem(path=key, message=_unknown(key, setting_names()), location=place)
        for key in document
        if key not in setting_names()
    ]
    if problems:
        raise InvalidInput(problems)
    return {key: _parsed(f"{path}: {key}", key, value) for key, value in document.items()}


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    known = {PREFIX + name.upper(): name for name in setting_names()}
    for variable, text in environment.items():
        if not variable.startswith(PREFIX) or variable == CONFIG_VARIABLE:
            continue
        if variable in RESERVED_NAMES or variable.startswith(RESERVED):
            continue
        if variable not in known:
            problems.append(Problem(path=variable, message=_unknown(variable, tuple(known))))
            continue
        try:
            values[known[variable]] = _parsed(variable, known[variable], text)
        except InvalidInput as error:
            problems.extend(error.problems)
    if problems:
        raise InvalidInput(problems)
    return values


def _unknown(key: str, known: tuple[str, ...]) -> str:
    # All variables begin alike, which must not make them look similar.
    by_rest = {name.removeprefix(PREFIX): name for name in known}
    near = difflib.get_close_matches(key.removeprefix(PREFIX), by_rest, n=1)
    hint = f"; did you mean {by_rest[near[0]]}?" if near else f"; there are {', '.join(known)}"
    return f"is not a setting{hint}"


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("text")
    return value


def _words(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    if isinstance(value, list):
        return tuple(str(word) for word in value)
    raise ValueError("a list")


def _table(value: object) -> dict[str, object]:
    """A table of the file; in a variable, `name=value` separated by commas."""
    if isinstance(value, Mapping):
        return {str(name): one for name, one in value.items()}
    if not isinstance(value, str):
        raise ValueError("a table")
    found: dict[str, object] = {}
    for entry in filter(None, (entry.strip() for entry in value.split(","))):
        name, sign, one = entry.partition("=")
        if not sign:
            raise ValueError("name=value")
        found[name.strip()] = one.strip()
    return found


def _places(value: object) -> dict[str, str]:
    return {name: os.path.expanduser(_text(one)) for name, one in _table(value).items()}


def _counts(value: object) -> dict[str, int]:
    return {name: _whole(one) for name, one in _table(value).items()}


def _prices(value: object) -> dict[str, Price]:
    """Those that are given, before those of the list."""
    return listed_prices() | {name: _price(one) for name, one in _table(value).items()}


def _price(value: object) -> Price:
    """`0.83`, or `0.83/1.6939` with ML units; in the file also a table of both."""
    if isinstance(value, Mapping):
        if not {"per_hour"} <= set(value) <= {"per_hour", "ml_units"}:
            raise ValueError("per_hour")
        parts = [value["per_hour"], *([value["ml_units"]] if "ml_units" in value else [])]
    else:
        parts = value.split("/") if isinstance(value, str) else [value]
    hour, *units = (_number(part) for part in parts)
    if len(units) > 1 or not all(0 <= each < float("inf") for each in (hour, *units)):
        raise ValueError("a price")
    return Price(per_hour=hour, ml_units=units[0] if units else None)


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("1", "true", "yes", "0", "false", "no"):
        return value.lower() in ("1", "true", "yes")
    raise ValueError("true or false")


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("a number")
    return float(value)


def _whole(value: object) -> int:
    number = _number(value)
    if number != int(number):
        raise ValueError("a whole number")
    return int(number)


_PARSERS: Mapping[str, tuple[Callable[[Any], Any], str]] = {
    "data_dir": (lambda value: Path(_text(value)), "a path"),
    "python": (_text, "a path or the name of a program"),
    "cpus": (_number, "a number"),
    "gpus": (_words, "ids separated by commas"),
    "grace_s": (_number, "a number of seconds"),
    "poll_s": (_number, "a number of seconds"),
    "min_free_mb": (_whole, "a whole number of MB"),
    "max_code_mb": (_whole, "a whole number of MB"),
    "max_log_mb": (_whole, "a whole number of MB"),
    "pass_env": (_words, "names separated by commas"),
    "environments": (_places, "names with the path of an interpreter or virtual environment each"),
    "quotas": (_counts, "types of machines with a whole number each"),
    "prices": (
        _prices,
        "types of machines with a price per hour each, such as standard_gpu=0.83 or, with ML "
        "units, standard_gpu=0.83/1.6939",
    ),
    "currency": (_text, "the name of a currency"),
    "host": (_text, "a host name or an address"),
    "port": (_whole, "a whole number"),
    "allowed_hosts": (_words, "names separated by commas"),
    "insecure_no_tls": (_flag, "true or false"),
    "public_url": (_text, "a URL"),
    "url": (_text, "a URL"),
    "token": (_text, "text"),
    "max_body_mb": (_whole, "a whole number of MB"),
    "max_artifact_mb": (_whole, "a whole number of MB"),
    "max_json_depth": (_whole, "a whole number"),
    "max_streams": (_whole, "a whole number"),
    "body_timeout_s": (_number, "a number of seconds"),
}


def _parsed(place: str, name: str, value: object) -> Any:
    parse, wanted = _PARSERS[name]
    try:
        return parse(value)
    except (ValueError, OverflowError):
        message = f"must be {wanted}, got {value!r}"
        raise InvalidInput([Problem(path=place, message=message)]) from None
