"""Every field of the messages of Google's studies, and what becomes of it here.

The names are those of the public `ml.v1` API.
"""

from __future__ import annotations

from collections.abc import Mapping

from dowse.dialects.treatment import HONOURED, Rule, Schema, ignored

_OUTPUT = "the service writes it; it says nothing about the study to create"

MESSAGES: Mapping[str, Mapping[str, Rule]] = {
    "Study": {
        "studyConfig": HONOURED,
        "name": ignored(_OUTPUT),
        "state": ignored(_OUTPUT),
        "createTime": ignored(_OUTPUT),
        "inactiveReason": ignored(_OUTPUT),
    },
    "StudyConfig": {
        "metrics": HONOURED,
        "parameters": HONOURED,
        "algorithm": HONOURED,
        "automatedStoppingConfig": HONOURED,
    },
    "MetricSpec": {"metric": HONOURED, "goal": HONOURED},
    "ParameterSpec": {
        "parameter": HONOURED,
        "type": HONOURED,
        "scaleType": HONOURED,
        "doubleValueSpec": HONOURED,
        "integerValueSpec": HONOURED,
        "categoricalValueSpec": HONOURED,
        "discreteValueSpec": HONOURED,
        "childParameterSpecs": HONOURED,
        "parentCategoricalValues": HONOURED,
        "parentDiscreteValues": HONOURED,
        "parentIntValues": HONOURED,
    },
    "Range": {"minValue": HONOURED, "maxValue": HONOURED},
    "Values": {"values": HONOURED},
    "AutomatedStoppingConfig": {
        "medianAutomatedStoppingConfig": HONOURED,
        "decayCurveStoppingConfig": HONOURED,
    },
    "StoppingConfig": {"useElapsedTime": HONOURED},
}

FORM = Schema(MESSAGES)
