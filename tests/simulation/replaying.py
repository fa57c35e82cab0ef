"""Deriving the decisions of simulated jobs from what their store holds."""

from __future__ import annotations

from collections import Counter

from dowse.analysis.replay import Agreement, Decision
from dowse.ports import Store
from dowse.service.replay.replaying import Replaying
from dowse.service.suggester import suggest
from dowse.service.suggesting import Answer, Question
from dowse.wire.history import history_to_json
from tests.invariants import demand


class Direct:
    """Answers with the real suggesters, at once and in this process."""

    def answer(self, question: Question) -> Answer:
        message = {
            "history": history_to_json(question.history),
            "note": question.note,
            "count": question.count,
        }
        found = suggest(question.spec, message, question.sources)
        return Answer(
            job_id=question.job_id,
            known_event=question.known_event,
            asked=question.count,
            suggestions=tuple((one["parameters"], one["why"]) for one in found["suggestions"]),
            note=found["note"],
            exhausted=found["exhausted"],
            versions=found["versions"],
        )

    def close(self) -> None: ...


def check_replay(store: Store, name: str) -> Counter[Decision]:
    """Every decision follows from the log alone, whatever died when; how many there were."""
    checks = list(Replaying(store=store, make_asker=Direct).checks(name))
    odd = [one for one in checks if one.outcome.agreement is not Agreement.EQUAL]
    demand(not odd, f"{name} does not follow from its log: {odd[:2]}")
    return Counter(one.decision for one in checks)
