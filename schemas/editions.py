"""Whether an edition may follow another: pure, for the desk and for its district."""

from dataclasses import dataclass
from typing import Literal

from schemas.catalogue import Edition

FaultKind = Literal["duplicate", "dropped", "unknown_dictionary"]


@dataclass(frozen=True, slots=True)
class EditionRuleFault:
    """One fault: where, which rule, and the name of what is missing, if any."""

    place: str
    kind: FaultKind
    name: str = ""


def rule_faults(
    edition: Edition, *, current: Edition | None
) -> tuple[EditionRuleFault, ...]:
    """Return what keeps an edition from following the current one.

    No code twice, no item dropped (retire it instead: old cases name it), no question
    with a dictionary that is not there.
    """
    codes = [item.code for item in edition.items]
    faults = [
        EditionRuleFault(f"items/{code}", "duplicate")
        for code in sorted({code for code in codes if codes.count(code) > 1})
    ]
    faults += [
        EditionRuleFault(f"items/{item.code}", "dropped")
        for item in (current.items if current else ())
        if item.code not in codes
    ]
    for item in edition.items:
        for field in edition.form_fields(item):
            options = field.options
            known = not isinstance(options, str) or (
                options.removeprefix("dict:") in edition.dictionaries
            )
            if not known:
                place = f"items/{item.code}/fields/{field.name}"
                faults.append(
                    EditionRuleFault(place, "unknown_dictionary", str(options))
                )
    return tuple(dict.fromkeys(faults))
