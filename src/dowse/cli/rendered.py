"""`dowse jobs show --as`: a job as a document of any service, and what that form cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dowse.cli.forms import Form
from dowse.cli.terminal import YELLOW, paint, print_document, printable, put, tell

if TYPE_CHECKING:
    from dowse.domain.spec import JobSpec


def show_rendered(spec: JobSpec, form: Form, *, as_json: bool) -> None:
    import sys

    from dowse.dialects.rendering import render

    rendering = render(spec, form.dialect)
    if as_json:
        print_document(
            {
                "dialect": form.dialect,
                "document": rendering.text,
                "unsaid": list(rendering.unsaid),
            }
        )
        return
    put(rendering.text)
    for sentence in rendering.unsaid:
        line = f"{form.value} cannot say {printable(sentence)}"
        tell(paint(line, YELLOW, sys.stderr))
