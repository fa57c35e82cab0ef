from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dowse.config import PREFIX, Settings, load_settings, refuse_open_doors, setting_names
from dowse.domain.prices import Price, listed_prices
from dowse.errors import InvalidInput


def words(error: pytest.ExceptionInfo[InvalidInput]) -> list[str]:
    return [str(problem) for problem in error.value.problems]


def test_every_setting_is_also_an_environment_variable(tmp_path: Path) -> None:
    environment = {
        "DOWSE_DATA_DIR": str(tmp_path),
        "DOWSE_PYTHON": "python3.12",
        "DOWSE_CPUS": "1.5",
        "DOWSE_GPUS": "0, 3",
        "DOWSE_GRACE_S": "2",
        "DOWSE_POLL_S": "0.5",
        "DOWSE_MIN_FREE_MB": "7",
        "DOWSE_MAX_CODE_MB": "50",
        "DOWSE_MAX_LOG_MB": "0",
        "DOWSE_PASS_ENV": "AWS_PROFILE,WANDB_MODE",
        "DOWSE_ENVIRONMENTS": "azureml:lgbm:3=/envs/lgbm, 2.11=python3.7",
        "DOWSE_QUOTAS": "t4=2,*=1",
        "DOWSE_HOST": "0.0.0.0",
        "DOWSE_PORT": "9000",
        "DOWSE_ALLOWED_HOSTS": "tuning.example,tuning.example:9000",
        "DOWSE_INSECURE_NO_TLS": "true",
        "DOWSE_PUBLIC_URL": "https://tuning.example/dowse",
        "DOWSE_URL": "http://tuning.example:9000",
        "DOWSE_TOKEN": "a-token-of-our-own",
        "DOWSE_MAX_BODY_MB": "2",
        "DOWSE_MAX_ARTIFACT_MB": "5",
        "DOWSE_MAX_JSON_DEPTH": "9",
        "DOWSE_BODY_TIMEOUT_S": "1.5",
        "DOWSE_MAX_STREAMS": "3",
        "DOWSE_PRICES": "gpu=0.83/1.7, *=0.2",
        "DOWSE_CURRENCY": "EUR",
    }
    assert {PREFIX + name.upper() for name in setting_names()} == set(environment)
    assert load_settings(environment) == Settings(
        data_dir=tmp_path,
        python="python3.12",
        cpus=1.5,
        gpus=("0", "3"),
        grace_s=2.0,
        poll_s=0.5,
        min_free_mb=7,
        max_code_mb=50,
        max_log_mb=0,
        pass_env=("AWS_PROFILE", "WANDB_MODE"),
        environments={"azureml:lgbm:3": "/envs/lgbm", "2.11": "python3.7"},
        quotas={"t4": 2, "*": 1},
        host="0.0.0.0",
        port=9000,
        allowed_hosts=("tuning.example", "tuning.example:9000"),
        insecure_no_tls=True,
        public_url="https://tuning.example/dowse",
        url="http://tuning.example:9000",
        token="a-token-of-our-own",
        max_body_mb=2,
        max_artifact_mb=5,
        max_json_depth=9,
        body_timeout_s=1.5,
        max_streams=3,
        prices={
            **listed_prices(),
            "gpu": Price(per_hour=0.83, ml_units=1.7),
            "*": Price(per_hour=0.2),
        },
        currency="EUR",
    )


def test_the_environment_wins_over_the_file_and_an_argument_over_both(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('data_dir = "/file"\ngrace_s = 1.0\npoll_s = 1.0\n')
    settings = load_settings(
        {"DOWSE_CONFIG": str(file), "DOWSE_POLL_S": "2", "DOWSE_DATA_DIR": "/variable"},
        data_dir=Path("/argument"),
    )
    assert (settings.data_dir, settings.grace_s, settings.poll_s) == (Path("/argument"), 1.0, 2.0)


def test_without_a_data_directory_the_platform_s_own_is_taken() -> None:
    assert load_settings({}).data_dir.name == "dowse"
    assert load_settings({}).data_dir.is_absolute()


def test_a_relative_data_directory_becomes_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings({"DOWSE_DATA_DIR": "here"}).data_dir == tmp_path / "here"


def test_tables_are_written_as_tables_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[environments]\n"pytorch-2.0" = "~/torch"\n[quotas]\nt4 = 2\n"*" = 3\n')
    settings = load_settings({"DOWSE_CONFIG": str(file)})
    assert settings.environments == {"pytorch-2.0": str(Path("~/torch").expanduser())}
    assert settings.quotas == {"t4": 2, "*": 3}
    file.write_text("[quotas]\nt4 = 0\n")
    with pytest.raises(InvalidInput, match=r"^quotas.t4: must be 1 or more, got 0$"):
        load_settings({"DOWSE_CONFIG": str(file)})
    file.write_text("quotas = 3\n")
    with pytest.raises(InvalidInput, match="quotas: must be types of machines with a whole number"):
        load_settings({"DOWSE_CONFIG": str(file)})


def test_an_unknown_variable_is_an_error_that_names_the_nearest_setting() -> None:
    with pytest.raises(InvalidInput) as error:
        load_settings({"DOWSE_DATADIR": "/x", "DOWSE_GRACE": "3"})
    assert words(error) == [
        "DOWSE_DATADIR: is not a setting; did you mean DOWSE_DATA_DIR?",
        "DOWSE_GRACE: is not a setting; did you mean DOWSE_GRACE_S?",
    ]


def test_a_variable_like_no_setting_gets_the_list_and_no_guess() -> None:
    with pytest.raises(InvalidInput) as error:
        load_settings({"DOWSE_FOO": "1"})
    (text,) = words(error)
    assert text.startswith("DOWSE_FOO: is not a setting; there are DOWSE_DATA_DIR, DOWSE_PYTHON, ")


def test_what_a_trial_sees_is_no_setting_and_no_error(tmp_path: Path) -> None:
    load_settings(
        {
            "DOWSE_DATA_DIR": str(tmp_path),
            "DOWSE_TRIAL_ID": "a/1",
            "DOWSE_PARAM_LR": "0.1",
            "DOWSE_PARAMS_FILE": "/p",
            "DOWSE_SEED": "3",
            "DOWSE_REPORT_FILE": "/r",
            "DOWSE_STOP_FILE": "/s",
            "DOWSE_ATTEMPT": "a/1/1",
        }
    )


@pytest.mark.parametrize(
    ("variable", "text", "message"),
    [
        ("DOWSE_GRACE_S", "soon", "must be a number of seconds, got 'soon'"),
        ("DOWSE_MIN_FREE_MB", "1.5", "must be a whole number of MB, got '1.5'"),
        ("DOWSE_CPUS", "", "must be a number, got ''"),
        ("DOWSE_QUOTAS", "t4", "must be types of machines with a whole number each, got 't4'"),
        ("DOWSE_QUOTAS", "t4=x", "must be types of machines with a whole number each, got 't4=x'"),
        (
            "DOWSE_ENVIRONMENTS",
            "a=",
            "must be names with the path of an interpreter or virtual environment each, got 'a='",
        ),
        ("DOWSE_PYTHON", "", "must be a path or the name of a program, got ''"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_with_what_would_be_right(
    variable: str, text: str, message: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        load_settings({variable: text})
    assert words(error) == [f"{variable}: {message}"]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("grace_s", 0.0, "grace_s: must be above 0, got 0.0"),
        ("poll_s", float("nan"), "poll_s: must be above 0, got nan"),
        ("cpus", -1.0, "cpus: must be above 0, got -1.0"),
        ("min_free_mb", -1, "min_free_mb: must be 0 or more, got -1"),
    ],
)
def test_a_value_out_of_range_is_refused(field: str, value: float, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        load_settings({}, **{field: value})


def test_a_key_that_the_file_should_not_have_is_an_error_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("grace = 1\n")
    with pytest.raises(InvalidInput) as error:
        load_settings({"DOWSE_CONFIG": str(file)})
    assert words(error) == [f"{file}:1:1: grace: is not a setting; did you mean grace_s?"]


@pytest.mark.parametrize("text", ["grace_s = ", "[", "grace_s = 1\ngrace_s = 2\n"])
def test_a_file_that_is_no_toml_says_where(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(InvalidInput, match=r"config\.toml: .*(line|end of document)"):
        load_settings({"DOWSE_CONFIG": str(file)})


def test_a_named_file_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"DOWSE_CONFIG: cannot read .*: No such file"):
        load_settings({"DOWSE_CONFIG": str(tmp_path / "absent.toml")})


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"port": 65_536}, "port: must be from 0 to 65535, got 65536"),
        ({"token": "short"}, "token: must be 16 or more letters, digits and -._~+/=, so that"),
        ({"token": "sixteen letters\n"}, "token: must be 16 or more letters"),
        ({"url": "tuning.example"}, "url: must be http://… or https://… without a slash"),
        ({"public_url": "http://x/"}, "public_url: must be http://… or https://… without a slash"),
    ],
)
def test_an_address_or_token_that_cannot_be_one_is_refused(
    tmp_path: Path, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        Settings(data_dir=tmp_path, **given)
    assert words(error)[0].startswith(message)
    assert given.get("token", "no token") not in str(error.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "tuning.example"])
def test_a_server_is_open_to_others_only_with_names_and_a_word_on_tls(
    tmp_path: Path, host: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        refuse_open_doors(Settings(data_dir=tmp_path, host=host))
    assert [problem.path for problem in error.value.problems] == [
        "allowed_hosts",
        "insecure_no_tls",
    ]
    assert f"{host} is reachable from other machines" in str(error.value)
    names = ("tuning.example",)
    with pytest.raises(InvalidInput, match="behind a proxy with TLS"):
        refuse_open_doors(Settings(data_dir=tmp_path, host=host, allowed_hosts=names))
    refuse_open_doors(
        Settings(data_dir=tmp_path, host=host, allowed_hosts=names, insecure_no_tls=True)
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_needs_no_precautions(tmp_path: Path, host: str) -> None:
    refuse_open_doors(Settings(data_dir=tmp_path, host=host))


def test_the_token_is_not_shown_with_the_settings(tmp_path: Path) -> None:
    assert "a-token-of-our-own" not in repr(Settings(data_dir=tmp_path, token="a-token-of-our-own"))


# ---------------------------------------------------------------------- prices


def test_prices_come_beside_those_of_the_list(tmp_path: Path) -> None:
    settings = load_settings({"DOWSE_PRICES": "gpu=0.83/1.7, *=0.2", "DOWSE_CONFIG": ""})
    assert settings.prices["gpu"] == Price(per_hour=0.83, ml_units=1.7)
    assert settings.prices["*"] == Price(per_hour=0.2)
    assert settings.prices["BASIC"].ml_units == 0.3878
    config = tmp_path / "config.toml"
    config.write_text("[prices]\nBASIC = 1\ngpu = {per_hour = 0.83, ml_units = 1.7}\n")
    settings = load_settings({"DOWSE_CONFIG": str(config)})
    assert settings.prices["BASIC"] == Price(per_hour=1.0)
    assert settings.prices["gpu"] == Price(per_hour=0.83, ml_units=1.7)
    assert settings.shown()["prices"]["gpu"] == {"per_hour": 0.83, "ml_units": 1.7}


@pytest.mark.parametrize("text", ["gpu", "gpu=", "gpu=-1", "gpu=1/2/3", "gpu=dear", "gpu=nan"])
def test_a_price_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="DOWSE_PRICES: must be types of machines with a price"):
        load_settings({"DOWSE_PRICES": text})
