"""A spec that is written as a native document reads back equal."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from dowse.dialects.native.writer import write_native
from dowse.dialects.protocol import ReadContext
from dowse.dialects.registry import read
from dowse.domain.spec import JobSpec
from tests.unit.dialects.specs import SPECS

CONTEXT = ReadContext(folder="/jobs", file="job.yaml")


@settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.data_too_large],
)
@given(SPECS)
def test_every_spec_reads_back_exactly(spec: JobSpec) -> None:
    document = write_native(spec)
    again = read(document, context=CONTEXT, dialect="native").spec
    assert repr(replace(again, document="", warnings=())) == repr(spec)
