"""The jobs before a job file: looked up where the file goes on with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dowse.cli.clients import looking, require_data
from dowse.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from dowse.config import Settings
    from dowse.domain.spec import JobSpec


def previous_in(settings: Settings) -> Callable[[str], JobSpec]:
    """Finds a job that can be gone on with; raises NotFound, or Refused with the reason."""

    def previous(name: str) -> JobSpec:
        from dowse.domain.continuing import unfit
        from dowse.wire.documents import job_from_json
        from dowse.wire.spec import spec_from_json

        require_data(settings, name)
        with looking(settings) as client:
            job = job_from_json(client.progress(name)["job"])
            spec = spec_from_json(client.spec(name))
        if (why := unfit(job, spec)) is not None:
            raise Refused(why)
        return spec

    return previous
