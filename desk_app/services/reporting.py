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
        said = CaseAnswered.model_validate_json(body)
        report = AnswerReported(
            number=said.number,
            message=FeedMessage.model_validate_json(message),
            body=base64_text(canonical(said)),
        )
        journalling.append(tx, place, report, number=said.number)
        count += 1
    if count:
        detail = {"answers": str(count)}
        incidents.add(tx, "answers_reported", detail, now=place.hands.now())
