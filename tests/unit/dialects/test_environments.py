"""Names of environments, versions and images become interpreters where the table has them."""

from __future__ import annotations

from typing import Any

import pytest

from dowse.dialects.environments import asset_names
from dowse.dialects.protocol import ReadContext, Reading
from dowse.dialects.registry import read
from tests.unit.dialects.ai_platform import test_ai_platform_schema
from tests.unit.dialects.azure_ml import test_azure_ml
from tests.unit.dialects.openbayes import test_openbayes

TABLE = {
    "pytorch-2.0": "/envs/torch",
    "AzureML-lightgbm-3.2": "/envs/lightgbm/bin/python3.11",
    "exact:7": "python3.12",
    "runtime-2.11": "/envs/tf",
    "python-3.7": "/envs/py37",
    "gcr.io/p/image": "/envs/image",
}


def reading(document: dict[str, Any], **options: Any) -> Reading:
    context = ReadContext(folder="/jobs", environments=TABLE, python="/flag/python", **options)
    return read(document, context=context)


def openbayes(env: str) -> dict[str, Any]:
    return test_openbayes.job() | {"env": env}


def azure(environment: Any) -> dict[str, Any]:
    return test_azure_ml.changed("Trial", "environment", environment)


def google(**training: Any) -> dict[str, Any]:
    document = test_ai_platform_schema.job()
    document["trainingInput"] |= training
    return document


@pytest.mark.parametrize(
    ("document", "python"),
    [
        (openbayes("pytorch-2.0"), "/envs/torch/bin/python"),
        (azure("azureml:AzureML-lightgbm-3.2:5"), "/envs/lightgbm/bin/python3.11"),
        (azure("azureml:AzureML-lightgbm-3.2@latest"), "/envs/lightgbm/bin/python3.11"),
        (azure("azureml:exact:7"), "python3.12"),
        (azure("/subscriptions/s/workspaces/w/environments/exact/versions/7"), "python3.12"),
        (
            azure("azureml://registries/r/environments/AzureML-lightgbm-3.2/versions/5"),
            "/envs/lightgbm/bin/python3.11",
        ),
        (azure({"image": "gcr.io/p/image", "conda_file": "x.yml"}), "/envs/image/bin/python"),
        (google(runtimeVersion="2.11", pythonVersion="3.7"), "/envs/tf/bin/python"),
        (google(pythonVersion="3.7"), "/envs/py37/bin/python"),
        (google(masterConfig={"imageUri": "gcr.io/p/image"}), "/envs/image/bin/python"),
    ],
)
def test_a_configured_name_wins_over_the_flag(document: dict[str, Any], python: str) -> None:
    result = reading(document)
    assert result.spec.launch.python == python
    assert not any("no environment of that name" in str(warning) for warning in result.warnings)


@pytest.mark.parametrize(
    ("document", "shown"),
    [
        (openbayes("tensorflow-1.12"), "env tensorflow-1.12"),
        (azure("azureml:other:1"), "environment azureml:other:1"),
        (azure({"image": "python:3.8"}), "environment python:3.8"),
        (azure({}), "environment"),
        (google(runtimeVersion="1.15"), "runtimeVersion 1.15"),
    ],
)
def test_a_name_that_is_not_configured_is_a_warning(document: dict[str, Any], shown: str) -> None:
    result = reading(document)
    assert result.spec.launch.python == "/flag/python"
    (said,) = [str(one) for one in result.warnings if "no environment of that name" in str(one)]
    assert f"ignored: {shown} (no environment of that name is configured; the " in said


def test_an_asset_is_looked_up_from_its_exact_name_to_its_bare_one() -> None:
    assert asset_names("azureml:a-b:3") == ("azureml:a-b:3", "a-b:3", "a-b")
    assert asset_names("azureml:a@latest") == ("azureml:a@latest", "a@latest", "a")
    assert asset_names("plain") == ("plain",)
