"""`prefer`: which of several trials with exactly the same result is to be had."""

from __future__ import annotations

from dowse.dialects.located import Scalar, Sequence
from dowse.dialects.reader import Field, Places
from dowse.domain.preferences import TIME, End, Preference, problems
from dowse.domain.space import SearchSpace

_ENDS = {end.value: end for end in End}


def read_preferences(
    field: Field | None, space: SearchSpace | None, places: Places
) -> tuple[Preference, ...]:
    """In the order of the document: the first that differs decides."""
    if field is None:
        return ()
    what = f"a mapping such as {{layers: low, {TIME}: low}}"
    found = []
    for name, wanted in field.table(what) or ():
        places.put(f"prefer.{name}", wanted)
        preference = _preference(name, wanted)
        if preference is not None:
            found.append(preference)
    if space is not None:
        places.report(problems(found, space), field)
    return tuple(found)


def _preference(name: str, field: Field) -> Preference | None:
    if isinstance(field.node, Sequence):
        values = [item.plain() for item in field.items() or () if isinstance(item.node, Scalar)]
        if values and all(value is not None for value in values):
            return Preference(name, tuple(values))
        field.error(f"must list the values that are to be had, the best first, got {field.node}")
        return None
    end = field.choice(_ENDS)
    return Preference(name, end) if end else None
