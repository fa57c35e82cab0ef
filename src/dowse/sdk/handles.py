"""A server and its jobs, as programs use them: `dowse.connect(url)`."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dowse.errors import NotFound, Unavailable
from dowse.sdk import client as raw
from dowse.sdk.downloads import download, no_best
from dowse.sdk.sources import Source, range_text, request_of
from dowse.sdk.values import (
    JobEvent,
    Progress,
    Trial,
    Trials,
    event_of,
    progress_of,
    trial_of,
)
from dowse.wire.requests import ExtendRequest

FINAL = ("succeeded", "failed", "cancelled")
LIVE = ("queued", "running", "stopping", "paused")
ASK_S = 5.0
"""So long a server may keep a question about progress waiting for news."""
LOOK_S = 0.2


def connect(url: str | None = None, *, token: str | None = None) -> Server:
    """The server at `url`, or of the setting `url`, else the one of this machine's data directory.

    `token` is by default that of the settings (DOWSE_TOKEN); on the same machine none is needed.
    Raises Unavailable when none answers, Refused when the token is not the server's.
    """
    from dowse.config import load_settings

    settings = load_settings(os.environ)
    chosen = url or settings.url
    if chosen is not None:
        return Server(raw.connect(chosen, token=token or settings.token), is_here=False)
    return Server(_owner_of(settings.data_dir), is_here=True)


def _owner_of(data_dir: Path) -> raw.Client:
    from dowse.service.folders import DataDirectory
    from dowse.service.owner import read_card

    card = read_card(DataDirectory(data_dir))
    if card is None:
        raise Unavailable(f"no process works on {data_dir}: start one with dowse serve")
    client = raw.Client(Path(card.socket))
    try:
        client.health()
    except Unavailable:
        client.close()
        raise
    return client


class Server:
    """A Dowse that answers; close it, or use it as a context manager.

    `client` has the API as it is, with its documents.
    """

    def __init__(self, client: raw.Client, *, is_here: bool) -> None:
        self.client = client
        self._is_here = is_here

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self.client.close()

    def submit(
        self,
        job: Source,
        *,
        name: str | None = None,
        seed: int | None = None,
        folder: str | os.PathLike[str] | None = None,
        dialect: str | None = None,
        module_name: str | None = None,
        package_path: str | os.PathLike[str] | None = None,
        job_dir: str | None = None,
        python: str | None = None,
        arguments: Sequence[str] = (),
        learn_from: str | Sequence[str] | None = None,
    ) -> Job:
        """Begin a job: a file, its text, a mapping, or an object of `azure.ai.ml`.

        `folder` is where its relative paths begin, by default that of the file, else the present
        one; a server elsewhere is sent it (of an object of `azure.ai.ml`, its code). The other
        words are the options of `dowse run`. Trials on this machine get this program's
        environment. Raises InvalidInput with every problem, AlreadyExists when the name is taken.
        """
        request = request_of(
            job,
            folder=folder,
            name=name,
            seed=seed,
            dialect=dialect,
            module_name=module_name,
            package_path=package_path,
            job_dir=job_dir,
            python=python,
            arguments=arguments,
            learn_from=learn_from,
            environment=os.environ if self._is_here else None,
            elsewhere=not self._is_here,
        )
        answer = self.client.submit(request)
        warnings = tuple(_sentence(one) for one in answer["warnings"])
        return Job(self.client, answer["job"]["name"], warnings=warnings, is_here=self._is_here)

    def job(self, name: str) -> Job:
        """Raises NotFound, with the names that there are."""
        self.client.progress(name)
        return Job(self.client, name, is_here=self._is_here)

    def jobs(self, *states: str, filter: str | None = None) -> list[Job]:
        """The newest first; with `states`, only those in one of them; only what a filter keeps."""
        found = self.client.jobs(states=states, filter=filter)
        return [Job(self.client, one["name"]) for one in found]

    def compare(self, *names: str) -> list[dict[str, Any]]:
        """One row for each job: trials, cost, best parameters, best, worst, comment."""
        found: list[dict[str, Any]] = self.client.compare(names)["jobs"]
        return found


def _sentence(problem: Mapping[str, Any]) -> str:
    return ": ".join(part for part in (problem["path"], problem["message"]) if part)


class Job:
    """A job of a server. Every answer is asked for anew; nothing is kept but the name.

    `warnings` are what was understood leniently or has no meaning there, when it was submitted by
    this program.
    """

    def __init__(
        self,
        client: raw.Client,
        name: str,
        *,
        warnings: tuple[str, ...] = (),
        is_here: bool = False,
    ) -> None:
        self._client = client
        self._is_here = is_here
        self.name = name
        self.warnings = warnings

    def __repr__(self) -> str:
        return f"<job {self.name}>"

    @property
    def state(self) -> str:
        """`queued`, `running`, `paused`, `succeeded`, `failed`, `cancelling` or `cancelled`."""
        state: str = self._summary()["state"]
        return state

    @property
    def reason(self) -> str | None:
        """Why it is in its state, such as `trials_done`."""
        reason: str | None = self._summary()["reason"]
        return reason

    @property
    def message(self) -> str:
        """The reason as a sentence."""
        message: str = self._summary()["message"]
        return message

    def document(self) -> dict[str, Any]:
        """Everything, as `dowse jobs show --json` prints it."""
        return self._client.job(self.name)

    def progress(self) -> Progress:
        return progress_of(self._client.progress(self.name))

    def wait(
        self,
        timeout_s: float | None = None,
        *,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> Self:
        """Wait until it is over or paused; returns the job itself.

        `on_progress` is called at first and after every change. Raises TimeoutError after
        `timeout_s` seconds; the job goes on.
        """
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        seen: int | None = None
        while True:
            left = ASK_S if deadline is None else min(ASK_S, max(0.0, deadline - time.monotonic()))
            found = self._client.progress(self.name, after_event=seen, wait_s=left)
            if on_progress is not None and found["last_event"] != seen:
                on_progress(progress_of(found))
            if _rests(found["job"]):
                return self
            if deadline is not None and time.monotonic() >= deadline:
                state = found["job"]["state"]
                raise TimeoutError(f"{self.name} is still {state} after {timeout_s:g} s")
            seen = found["last_event"]

    def trials(self, filter: str | None = None) -> Trials:
        """All, or those that a filter keeps, as in `lr < 1e-2 and val_loss.min < 1.2`."""
        found = self._client.trials(self.name, filter=filter)
        metric = self._client.progress(self.name)["metric"]
        return Trials([trial_of(one) for one in found], metric)

    def trial(self, number: int) -> Trial:
        """Raises NotFound."""
        return trial_of(self._client.trial(self.name, number))

    def tag(self, trial: int, *tags: str, remove: Sequence[str] = ()) -> Trial:
        """Mark a trial with tags and take others off; `star` shows as a star in the console.

        Raises NotFound, InvalidInput.
        """
        return trial_of(self._client.tag_trial(self.name, trial, add=tags, remove=remove))

    def best(self) -> Trial | None:
        """The best trial so far; None while none has a result that keeps every limit. Of several
        objectives none is the best: see `front`.
        """
        return self.progress().best

    def front(self) -> list[Trial]:
        """The best trial; of several objectives those that no other one beats in all of them, the
        best in the first objective first.
        """
        return [trial_of(one) for one in self._client.front(self.name)["trials"]]

    def hypervolume(self, **reference: float) -> float | None:
        """What the front dominates up to the worst value of interest of each objective, by default
        the worst among the trials that count; None while none does. The larger the better.
        """
        volume = self._client.front(self.name, reference)["hypervolume"]
        return None if volume is None else float(volume)

    def best_flags(self) -> list[str]:
        """The best parameters as words for a command line, under the program's own names."""
        from dowse.runtime.tuned import tuned_words
        from dowse.wire.documents import trial_from_json
        from dowse.wire.spec import spec_from_json

        best = self._client.progress(self.name)["best"]
        if best is None:
            raise NotFound(no_best(self._client, self.name))
        spec = spec_from_json(self._client.spec(self.name))
        return list(tuned_words(spec, trial_from_json(best)))

    def metrics(self, trial: int) -> dict[str, list[tuple[int, float]]]:
        """Every metric that a trial reported: (step, value) in order of arrival."""
        found = self._client.metrics(self.name, trial)
        return {
            metric: [(one["step"], float(one["value"])) for one in curve]
            for metric, curve in found.items()
        }

    def logs(self, trial: int | None = None, *, follow: bool = False) -> Iterator[str]:
        """What a trial printed, in pieces as they come; without `trial`, the job's log in lines.

        With `follow`, until the trial has ended or the job rests.
        """
        if trial is not None:
            yield from self._trial_log(trial, follow=follow)
            return
        for event in self.events(follow=follow):
            moment = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(event.time))
            yield f"{moment}  {event.text}\n"

    def events(self, *, follow: bool = False, after: int = 0) -> Iterator[JobEvent]:
        """What happened, from the event behind `after` on; with `follow`, until the job rests."""
        while True:
            rests = not follow or _rests(self._summary())
            batch = self._client.events(self.name, after=after)
            yield from map(event_of, batch)
            after = batch[-1]["number"] if batch else after
            if rests and not batch:
                return
            if not batch:
                self._client.progress(self.name, after_event=after, wait_s=ASK_S)

    def download(
        self,
        output_name: str | None = None,
        *,
        all: bool = False,
        to: str | os.PathLike[str] = ".",
        trial: int | None = None,
    ) -> Path:
        """Save what the best trial (or `trial`) left; returns the folder that holds it.

        With `output_name`, that output, in `to`/named-outputs/<output_name>; otherwise the
        trial's artifacts and the job's log, with `all` its named outputs too, in `to`.
        """
        target = Path(to).expanduser()
        download(
            self._client,
            self.name,
            to=target,
            output_name=output_name,
            everything=all,
            trial=trial,
        )
        return target if output_name is None else target / "named-outputs" / output_name

    def stop(self, trial: int | None = None) -> None:
        """End the job and its trials for good; with `trial`, only that one, whose value counts."""
        if trial is None:
            self._client.cancel(self.name)
        else:
            self._client.stop_trial(self.name, trial)

    def pause(self, *, now: bool = False) -> None:
        """Start no more trials; with `now`, end the running ones, which run again on resume."""
        self._client.pause(self.name, now=now)

    def resume(self) -> None:
        self._client.resume(self.name)

    def edit(
        self, *, trials: int | None = None, parallel: int | None = None, failed: int | None = None
    ) -> None:
        """Change limits while it runs; None keeps what is, `failed=0` takes that limit away."""
        given = {"trials": trials, "parallel": parallel, "failed": failed}
        self._client.edit(
            self.name, **{name: one for name, one in given.items() if one is not None}
        )

    def advice(self) -> dict[str, Any]:
        """`advice` in sentences, and the `ranges`, `trust` and `forecast` that it rests on."""
        return self._client.advice(self.name)

    def confirm(
        self,
        top: int = 5,
        seeds: int = 10,
        *,
        seed_flag: str | None = None,
        parallel: int | None = None,
        name: str | None = None,
    ) -> Job:
        """Begin a job that runs the best configurations again, at most `top` times `seeds` runs."""
        from dowse.wire.advice import ConfirmForm

        request = ConfirmForm(
            top=top, seeds=seeds, seed_flag=seed_flag, parallel=parallel, name=name
        )
        return Job(self._client, self._client.confirm(self.name, request)["name"])

    def confirmation(self) -> dict[str, Any]:
        """What the runs of a job that confirms say; of another job, those of its newest one."""
        return self._client.confirmation(self.name)

    def extend(
        self,
        trials: int,
        *,
        ranges: Mapping[str, str | Sequence[Any]] | None = None,
        add: Mapping[str, Any] | None = None,
        remove: Sequence[str] = (),
        fixed: Mapping[str, Any] | None = None,
        parallel: int | None = None,
        name: str | None = None,
        seed: int | None = None,
    ) -> Job:
        """A new job that goes on with this one, which must be over: so many further trials.

        `ranges` are texts such as `"3..30"` and `"4,16,32"`; a tuple of two is the former, a list
        the latter. `add` has such ranges too, or parameters of the native form. `fixed` is what
        earlier trials had of parameters that are new, and later ones have of those removed.
        """
        request = ExtendRequest(
            trials=trials,
            ranges={each: range_text(given) for each, given in (ranges or {}).items()},
            add={
                each: given if isinstance(given, Mapping) else range_text(given)
                for each, given in (add or {}).items()
            },
            remove=tuple(remove),
            fixed=dict(fixed or {}),
            parallel=parallel,
            name=name,
            seed=seed,
            environment=dict(os.environ) if self._is_here else None,
        )
        answer = self._client.extend(self.name, request)
        warnings = tuple(_sentence(one) for one in answer["warnings"])
        made: str = answer["job"]["name"]
        return Job(self._client, made, warnings=warnings, is_here=self._is_here)

    def lineage(self) -> dict[str, Any]:
        """The jobs before and after this one, and those it learns from."""
        return self._client.lineage(self.name)

    def delete(self) -> None:
        """Remove a job that is over or paused, with its trials and logs."""
        self._client.delete(self.name)

    def costs(self) -> dict[str, Any]:
        """Running time and costs of the job and of each trial, as the API has them."""
        return self._client.costs(self.name)

    def savings(self) -> dict[str, Any]:
        """What early stopping saved and how often it was wrong, as `dowse savings --json`."""
        return self._client.savings(self.name)

    def rendered(self, dialect: str) -> tuple[str, tuple[str, ...]]:
        """The job as a document of `native`, `ai_platform`, `openbayes` or `azure_ml`.

        Beside it, what that form cannot say, in sentences.
        """
        from dowse.dialects.rendering import render
        from dowse.wire.spec import spec_from_json

        rendering = render(spec_from_json(self._client.spec(self.name)), dialect)
        return rendering.text, rendering.unsaid

    def _summary(self) -> dict[str, Any]:
        summary: dict[str, Any] = self._client.progress(self.name)["job"]
        return summary

    def _trial_log(self, trial: int, *, follow: bool) -> Iterator[str]:
        offset = 0
        while True:
            live = follow and self.trial(trial).state in LIVE
            try:
                piece = self._client.log(self.name, trial, offset=offset)
            except NotFound:
                if not live:
                    raise
                piece = {"text": "", "offset": offset}
            if piece["text"]:
                yield piece["text"]
            if piece["offset"] == offset:
                if not live:
                    return
                time.sleep(LOOK_S)
            offset = piece["offset"]


def _rests(job: Mapping[str, Any]) -> bool:
    paused = job["state"] == "paused" and job["intent"] in ("pause", "pause_now")
    return job["state"] in FINAL or paused
