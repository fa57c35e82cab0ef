"""The JSON Schema that editors use says what the parser says."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

import dowse.dialects.native
from dowse.dialects import yaml_text
from dowse.dialects.documents import read_text
from dowse.dialects.native import keys
from dowse.dialects.native.writer import write_native
from dowse.dialects.reader import Field, Log
from dowse.domain.metrics import Goal
from dowse.domain.scales import Scale
from dowse.domain.spec import FailurePolicy, JobSpec, Order
from tests.unit.dialects.specs import SPECS

ROOT = Path(__file__).parents[4]
SCHEMA_FILE = Path(dowse.dialects.native.__file__).with_name("schema.json")
GOLDEN = ROOT / "tests" / "golden" / "dialects" / "native"
READ = [
    path
    for path in sorted(GOLDEN.glob("*.yaml"))
    if path.with_name(path.name + ".expected").read_text(encoding="utf-8").startswith("read\n")
]
EXAMPLES = sorted((ROOT / "examples" / "native").rglob("*.yaml"))


@cache
def schema() -> Any:
    return json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))


def errors(text: str) -> list[str]:
    values = Field(yaml_text.parse(text, "job"), "", Log()).plain()
    validator = jsonschema.Draft202012Validator(schema())
    return [error.message for error in validator.iter_errors(values)]


def properties(name: str) -> set[str]:
    return set(schema()["$defs"][name]["properties"])


def test_it_is_a_valid_schema_of_the_draft_of_2020() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_every_key_of_one_is_a_key_of_the_other() -> None:
    assert set(schema()["properties"]) == set(keys.ROOT)
    assert properties("metric") == set(keys.METRIC)
    assert properties("objective") == set(keys.OBJECTIVE)
    assert properties("metricLimit") == set(keys.METRIC_LIMIT)
    assert properties("limits") == set(keys.LIMITS)
    assert properties("retries") == set(keys.RETRIES)
    assert properties("exitRetries") == set(keys.EXIT_RETRIES)
    assert properties("resources") == set(keys.RESOURCES)
    assert properties("code") == set(keys.CODE)
    assert properties("literal") == set(keys.LITERAL)
    assert properties("data") | properties("literal") == set(keys.INPUT)
    assert properties("opened") == set(keys.OPENED)
    assert set(schema()["$defs"]["when"]["anyOf"][1]["properties"]) == set(keys.CONDITION)
    for kind, names in keys.PARAMETER.items():
        assert properties(kind) == set(names)
        assert schema()["$defs"][kind]["properties"]["type"] == {"const": kind}


def test_a_parameter_may_be_of_every_type() -> None:
    listed = {
        option["$ref"].removeprefix("#/$defs/")
        for option in schema()["$defs"]["parameter"]["anyOf"]
        if "$ref" in option
    }
    assert listed == set(keys.PARAMETER)


def test_the_names_to_choose_from_are_the_same() -> None:
    definitions = schema()["$defs"]
    assert definitions["goal"]["enum"] == [goal.value for goal in Goal]
    assert definitions["scale"]["enum"] == [scale.value for scale in Scale]
    policies = [policy.value for policy in FailurePolicy]
    assert schema()["properties"]["failures"]["enum"] == policies
    assert schema()["properties"]["order"]["enum"] == [order.value for order in Order]


@pytest.mark.parametrize("path", [*EXAMPLES, *READ], ids=lambda path: path.stem)
def test_a_document_that_is_read_is_valid(path: Path) -> None:
    assert errors(read_text(path)) == []


@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.data_too_large],
)
@given(SPECS)
def test_every_document_that_is_written_is_valid(spec: JobSpec) -> None:
    assert errors(write_native(spec)) == []


@pytest.mark.parametrize(
    "name",
    ["everything-wrong", "mixture", "no-parameters", "nested-choice-mistakes"],
)
def test_a_document_with_mistakes_of_form_is_not_valid(name: str) -> None:
    assert errors(read_text(GOLDEN / f"{name}.yaml")) != []


def test_there_are_examples() -> None:
    assert EXAMPLES
    assert len(READ) >= 10
