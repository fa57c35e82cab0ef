"""The command `dowse`: its commands, and how errors leave it."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from typer.core import TyperGroup

import dowse
from dowse.cli import (
    advice,
    best,
    compare,
    confirm,
    doctor,
    download,
    edit,
    extend,
    init,
    insights,
    intents,
    job_show,
    jobs,
    logs,
    opening,
    replay,
    run,
    savings,
    serve,
    submit,
    trials,
    validate,
    watch,
)
from dowse.cli.exits import code_of_error
from dowse.cli.terminal import flush_output, tell_error
from dowse.domain.phrases import plainly
from dowse.errors import DowseError


class Commands(TyperGroup):
    """Errors that are the user's to mend become lines and an exit code, never a traceback; what is
    wrong with an option is told in our words.
    """

    def invoke(self, ctx: Any) -> Any:
        try:
            try:
                return super().invoke(ctx)
            finally:
                flush_output()
        except typer.BadParameter as error:
            error.message = plainly(error.message)
            raise
        except DowseError as error:
            tell_error(error)
            raise typer.Exit(code_of_error(error)) from None


def _new(help: str, **options: Any) -> typer.Typer:
    return typer.Typer(
        help=help,
        rich_markup_mode=None,  # Rich would double the time that --help takes.
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        **options,
    )


app = _new("Tune the hyperparameters of a training program.", cls=Commands)
app.command("run", cls=run.ForProgram)(run.run)
app.command("submit", cls=run.ForProgram)(submit.submit)
app.command("pause")(intents.pause_job)
app.command("resume")(run.resume)
app.command("extend")(extend.extend)
app.command("stop")(intents.stop)
app.command("watch")(watch.watch)
app.command("open")(opening.open_console)
app.command("savings")(savings.show_savings)
app.command("logs")(logs.show_logs)
app.command("advice")(advice.show_advice)
app.command("confirm")(confirm.confirm)
app.command("replay")(replay.replay)
app.command("download")(download.download)
app.command("validate")(validate.validate)
app.command("init")(init.init)
app.command("doctor")(doctor.doctor)
app.command("serve")(serve.serve)

jobs_app = _new("List, show, pause, cancel and delete jobs.")
jobs_app.command("list")(jobs.list_jobs)
jobs_app.command("show")(job_show.show_job)
jobs_app.command("best")(best.show_best)
jobs_app.command("compare")(compare.compare_jobs)
jobs_app.command("edit")(edit.edit_job)
jobs_app.command("pause")(intents.pause_job)
jobs_app.command("cancel")(intents.cancel_job)
jobs_app.command("delete")(jobs.delete_job)
jobs_app.command("events")(logs.show_events)
jobs_app.command("importance")(insights.show_importance)
jobs_app.command("dependence")(insights.show_dependence)
jobs_app.command("convergence")(insights.show_convergence)
app.add_typer(jobs_app, name="jobs")

trials_app = _new("Look at trials: their results, curves and logs; mark them.")
trials_app.command("list")(trials.list_trials)
trials_app.command("show")(trials.show_trial)
trials_app.command("tag")(trials.tag_trial)
trials_app.command("logs")(logs.show_trial_log)
app.add_typer(trials_app, name="trials")


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"dowse {dowse.__version__}")
        raise typer.Exit


@app.callback()
def _global_options(
    data_dir: Annotated[
        Path | None,
        typer.Option("--data-dir", metavar="DIR", help="As with each command."),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    pass


def main() -> None:
    _settle_streams()
    app(prog_name="dowse")


def _settle_streams() -> None:
    """A stream that was closed leads nowhere; a letter that the locale lacks is no error."""
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")


if __name__ == "__main__":
    main()
