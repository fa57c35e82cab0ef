"""How a training program reaches the owner over HTTP: an address, and a token of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dowse.domain.trial import Trial
from dowse.runtime.reporting import reporting_variables
from dowse.service.trial_tokens import TrialTokens

URL_VARIABLE = "DOWSE_TRIAL_URL"
TOKEN_VARIABLE = "DOWSE_TRIAL_TOKEN"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialDoor:
    """`url` has no slash at its end and stays the same from one owner to the next."""

    url: str
    tokens: TrialTokens

    def variables(
        self,
        trial: Trial,
        *,
        own: Mapping[str, str] = MappingProxyType({}),
        inherited: Mapping[str, str] = MappingProxyType({}),
    ) -> Mapping[str, str]:
        """What the present attempt of a trial, and every client library in it, is told of the door.

        `own` are the variables that the job itself sets, `inherited` those from outside.
        """
        token = self.tokens.token(trial)
        clients = reporting_variables(
            trial, url=self.url, token=token, own=own, inherited=inherited
        )
        return {**clients, URL_VARIABLE: self.url, TOKEN_VARIABLE: token}
