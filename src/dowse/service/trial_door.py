"""How a training program reaches the owner over HTTP: an address, and a token of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dowse.domain.trial import Trial
from dowse.service.trial_tokens import TrialTokens

URL_VARIABLE = "DOWSE_TRIAL_URL"
TOKEN_VARIABLE = "DOWSE_TRIAL_TOKEN"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialDoor:
    """`url` has no slash at its end and stays the same from one owner to the next."""

    url: str
    tokens: TrialTokens

    def variables(self, trial: Trial) -> Mapping[str, str]:
        """What the present attempt of a trial is told of the door."""
        return {URL_VARIABLE: self.url, TOKEN_VARIABLE: self.tokens.token(trial)}
