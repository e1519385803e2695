"""A district's answer as people read it, on the screen and the command line."""

from datetime import datetime

from desk_app.text.words import Words, local_time
from schemas.case import Answer, Granted, Received, Refused, ReturnedForCorrection


def answer_words(answer: Answer, *, at: datetime, by: str) -> tuple[str, ...]:
    """Return the lines of an answer: when, who, what, and what it carries."""
    words = Words("desk")
    lines = [f"{local_time(at)}  {by}  {words(f'event.answer_{answer.kind}')}"]
    match answer:
        case Received(official_number=official) if official:
            lines.append(words("case.official", number=official))
        case ReturnedForCorrection(what_is_missing=missing, reason=reason):
            lines += [words("case.missing", text=each) for each in missing]
            lines.append(reason)
        case Granted(licence_number=licence, valid_until=until, note=note):
            lines.append(words("case.licence", text=licence))
            lines += [words("case.licence_until", day=until)] if until else []
            lines += [note] if note else []
        case Refused(reason=reason, remedies=remedies):
            lines.append(words("case.refused", text=reason))
            lines.append(words("case.remedies", text=remedies))
        case _:
            pass
    return tuple(lines)
