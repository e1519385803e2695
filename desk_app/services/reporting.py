"""Report answers back to a district that lost them, with its own signature as proof."""

import json

from desk_app.services import journalling
from desk_app.services.hands import Workplace
from desk_app.store import feed, incidents
from desk_app.store.vault import Transaction
from schemas.encoding import base64_text, canonical
from schemas.feed import CaseAnswered, FeedMessage
from schemas.healing import AnswerReported


def report_answers(
    place: Workplace, tx: Transaction, *, after: int, through: int
) -> None:
    """Write every answer between two positions into the journal, as it came."""
    count = 0
    for body, message in feed.between(tx, after=after, through=through):
        if json.loads(body).get("kind") != "case_answered":
            continue
        _, report = _report(body, message)
        journalling.append(tx, place, report, number=report.number)
        count += 1
    if count:
        detail = {"answers": str(count)}
        incidents.add(tx, "answers_reported", detail, now=place.hands.now())


def reports_of(
    tx: Transaction, number: str
) -> list[tuple[CaseAnswered, AnswerReported]]:
    """Return each answer to one case, once, with what proves it to the district."""
    found = [
        _report(body, message)
        for position, body in feed.of_case(tx, number)
        if json.loads(body).get("kind") == "case_answered"
        for _, message in feed.between(tx, after=position - 1, through=position)
    ]
    # A district that was put back may have said the same thing twice.
    said = {_words(answer): (answer, report) for answer, report in found}
    return list(said.values())


def was_told(tx: Transaction, said: CaseAnswered) -> bool:
    """Say whether this very answer came before: it has had its effect."""
    return any(_words(said) == _words(each) for each, _ in reports_of(tx, said.number))


def _words(said: CaseAnswered) -> str:
    return said.model_dump_json(exclude={"salt"})


def _report(body: str, message: str) -> tuple[CaseAnswered, AnswerReported]:
    said = CaseAnswered.model_validate_json(body)
    report = AnswerReported(
        number=said.number,
        message=FeedMessage.model_validate_json(message),
        body=base64_text(canonical(said)),
    )
    return said, report
