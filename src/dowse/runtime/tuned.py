"""The values of a trial as one would type them after the name of its program. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from dowse.domain.spec import Argv, JobSpec, Shell
from dowse.domain.trial import Trial
from dowse.runtime.values import Handed, filled, passed_texts, places


def tuned_words(spec: JobSpec, trial: Trial) -> tuple[str, ...]:
    """The words of its command that carry constants and parameters, under the program's own names.

    A value that has its place in the command comes as it stands there, after the option before it
    (`--lr 0.1`). Where no word carries any, as in text for a shell, each is `--name=value`.
    """
    texts = passed_texts(spec, trial)
    program = spec.launch.program
    words = program.words if isinstance(program, Argv) else ()
    found = list(_placed(words, spec, texts))
    if spec.launch.passing.append and not isinstance(program, Shell):
        placed = {name for word in words for name in places(word)}
        found += [f"--{name}={text}" for name, text in texts.items() if name not in placed]
    return tuple(found or [f"--{name}={text}" for name, text in texts.items()])


def _placed(words: tuple[str, ...], spec: JobSpec, texts: dict[str, str]) -> Iterator[str]:
    # What is no value of the trial stays the place that it is.
    handed = Handed(
        passed=texts,
        objects={},
        inputs={name: f"${{inputs.{name}}}" for name in spec.launch.inputs},
        outputs={name: f"${{outputs.{name}}}" for name in spec.launch.outputs},
    )
    before = ""
    for word in words:
        if any(name in texts for name in places(word)):
            if _is_option(before):
                yield before
            yield filled(word, handed)
        before = word


def _is_option(word: str) -> bool:
    return word.startswith("-") and "=" not in word and not any(places(word))
