"""The best configuration in the spellings that people train with."""

import json

import pytest

from dowse.cli.best import Spelling, spelled
from dowse.domain.spec import Argv
from tests.unit.runtime.specs import a_spec, a_trial

SPEC = a_spec(Argv(("./train", "--rate", "${lr}")))


def test_flags_can_be_pasted_into_a_shell() -> None:
    assert spelled(SPEC, a_trial(), Spelling.FLAGS) == (
        "--rate 1e-05 --layers=3 --batch=0.50 '--optimizer=64 32'"
    )


@pytest.mark.parametrize("spelling", [Spelling.JSON, Spelling.YAML])
def test_documents_read_back_as_the_values(spelling: Spelling) -> None:
    from dowse.dialects.documents import load

    text = spelled(SPEC, a_trial(), spelling)
    if spelling is Spelling.JSON:
        assert json.loads(text) == {"lr": 1e-05, "layers": 3, "batch": 0.5, "optimizer": "64 32"}
    root = load(text, "best").root
    assert root.keys == ("lr", "layers", "batch", "optimizer")
    assert str(root.get("lr")) == "1e-05"
