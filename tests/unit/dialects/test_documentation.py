"""The pages about job files name every key, and their examples are read without a warning."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dowse.dialects.ai_platform.schema import SCHEMA
from dowse.dialects.azure_ml.distributions import KEYS as DISTRIBUTIONS
from dowse.dialects.azure_ml.schema import SCHEMA as AZURE_SCHEMA
from dowse.dialects.native import keys
from dowse.dialects.openbayes.schema import SCHEMA as OPENBAYES_SCHEMA
from dowse.dialects.protocol import ReadContext
from dowse.dialects.registry import read

FOLDER = Path(__file__).parents[3] / "docs" / "dialects"
NATIVE = (FOLDER / "native.md").read_text(encoding="utf-8")
GOOGLE = (FOLDER / "ai-platform.md").read_text(encoding="utf-8")
OPENBAYES = (FOLDER / "openbayes.md").read_text(encoding="utf-8")
AZURE = (FOLDER / "azure-ml.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.M | re.S)
BASE = "command: python train.py\nmetric: accuracy\ngoal: maximize\nlimits: {trials: 30}\n"


def named(page: str) -> set[str]:
    return set(re.findall(r"[$\w]+", " ".join(re.findall(r"`[^`\n]+`", page))))


def test_every_key_of_a_native_job_is_explained() -> None:
    known = {
        *keys.ROOT,
        *keys.METRIC,
        *keys.METRIC_LIMIT,
        *keys.LIMITS,
        *keys.RESOURCES,
        *keys.CODE,
        *keys.CONDITION,
    }
    known |= {
        *keys.INPUT,
        *keys.PARAMETER,
        *(key for names in keys.PARAMETER.values() for key in names),
    }
    assert known - named(NATIVE) - set(re.findall(r"[$\w]+", BLOCK.findall(NATIVE)[0])) == set()


def test_every_field_of_a_google_job_is_explained() -> None:
    messages = ("Job", "TrainingInput", "HyperparameterSpec", "ParameterSpec", "Scheduling")
    fields = {field for message in messages for field in SCHEMA[message]}
    fields |= set(SCHEMA["ReplicaConfig"])
    assert fields - named(GOOGLE) - {"params", "trainingInput", "hyperparameters"} == set()


def test_every_key_of_an_openbayes_job_is_explained() -> None:
    known = {key for rules in OPENBAYES_SCHEMA.values() for key in rules}
    assert known - named(OPENBAYES) == set()


def test_the_example_of_an_openbayes_job_is_read() -> None:
    (text,) = BLOCK.findall(OPENBAYES)
    reading = read(text, context=ReadContext(folder="/jobs"))
    assert [warning.path for warning in reading.warnings] == ["data_bindings[0]", "resource", "env"]


def test_every_key_of_a_sweep_job_is_explained() -> None:
    known = {key for rules in AZURE_SCHEMA.values() for key in rules}
    known |= {*DISTRIBUTIONS, *(key for names in DISTRIBUTIONS.values() for key in names)}
    assert known - named(AZURE) == set()


def test_the_example_of_a_sweep_job_is_read() -> None:
    (text,) = BLOCK.findall(AZURE)
    reading = read(text, context=ReadContext(folder="/jobs"))
    assert [warning.path for warning in reading.warnings] == ["trial.environment", "compute"]


@pytest.mark.parametrize("text", BLOCK.findall(NATIVE))
def test_an_example_of_a_native_job_is_read_without_a_warning(text: str) -> None:
    whole = text if "metric:" in text or "objectives:" in text else BASE + text
    reading = read(whole, context=ReadContext(folder="/jobs"))
    assert reading.warnings == ()


@pytest.mark.parametrize("text", BLOCK.findall(GOOGLE))
def test_an_example_of_a_google_job_is_read(text: str) -> None:
    reading = read(text, context=ReadContext(folder="/jobs", module_name="trainer.task"))
    assert len(reading.warnings) == 1
