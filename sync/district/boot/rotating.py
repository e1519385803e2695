"""Change the district's keys while work goes on: new ones vouched for by the old.

The order makes a crash harmless: key files first (not in force), then the record with
the messages to every desk, then the charter by one rename. Whoever opens the district
next finishes what was begun.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from schemas.base import utc_text
from schemas.encoding import base64_bytes, base64_text
from schemas.enrolment import Succession
from schemas.problems import Code, Problem
from schemas.renewal import DistrictKeysChanged, DistrictKeysRetired
from sync.district.boot.district import District
from sync.district.config.keyring import (
    new_answers_key,
    new_opening_key,
    new_receipt_key,
    put_charter,
    put_successions,
    read_successions,
)
from sync.seal import suite1
from sync.seal.enrolment import charter_digest, make_charter
from sync.seal.renewal import make_succession

Use = Literal["sealing", "receipts", "answers"]
USES: Final[tuple[Use, ...]] = ("sealing", "receipts", "answers")
_FIELDS: Final[dict[Use, str]] = {
    "sealing": "sealing_key",
    "receipts": "receipt_key",
    "answers": "answers_key",
}


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key of the district: its use, id, since when, and whether it is in force."""

    use: Use
    key_id: str
    since: str
    in_force: bool


def rotate(
    district: District, uses: tuple[Use, ...], *, urls: tuple[str, ...] = (),
    now: datetime,
) -> Succession:  # fmt: skip
    """Put new keys into force; returns the document that every desk will follow."""
    finish(district)
    old, places = district.charter, district.places
    fields = old.model_dump(mode="json", exclude={"signature"})
    answers = district.keys.answers
    signing = answers
    if "sealing" in uses:
        fields["sealing_key"] = base64_text(new_opening_key(places).public)
    if "receipts" in uses:
        fields["receipt_key"] = base64_text(new_receipt_key(places).public)
    if "answers" in uses:
        signing = new_answers_key(places)
        fields["answers_key"] = base64_text(signing.public)
    fields["urls"] = list(urls) or fields["urls"]
    fields["made_at"] = utc_text(now)
    renewals = district.record.renewals
    edition = max((each.edition for each in renewals.successions()), default=1) + 1
    succession = make_succession(
        old, make_charter(fields, signing), edition=edition, answers=answers, now=now
    )
    renewals.succeed(
        succession,
        old,
        feed_body=DistrictKeysChanged(succession=succession).model_dump_json(),
        devices=_granted(district),
        answers_key=answers.key_id,
        now=now,
    )
    finish(district)
    return succession


def finish(district: District) -> None:
    """Bring into force what was decided before a crash; usually nothing is to do."""
    decided = district.record.renewals.successions()
    if len(read_successions(district.places)) < len(decided):
        put_successions(district.places, decided)
    for each in decided:
        if each.predecessor == charter_digest(district.charter):
            put_charter(district.places, each.charter)


def _granted(district: District) -> list[str]:
    return [d.device for d in district.sealed.devices() if d.state == "granted"]


def lagging(district: District) -> tuple[str, ...]:
    """Return the desks that are not known to have the newest charter yet."""
    renewals, contacts = district.record.renewals, district.sealed.contacts
    behind = []
    for device in _granted(district):
        contact = contacts.last(device)
        cursor = contact.feed_cursor if contact else 0
        if cursor < renewals.told_at(device):
            behind.append(device)
    return tuple(behind)


def retire(district: District, key_id: str, *, force: bool = False) -> None:
    """End the overlap: desks believe this former key no more.

    `Problem(KEY_STILL_IN_USE)` while desks lag, unless `force` (a key that was stolen);
    `Problem(KEY_UNKNOWN)`. Batches sealed to it open for years all the same.
    """
    former = [each for each in keys_of(district) if not each.in_force]
    if key_id not in {each.key_id for each in former}:
        raise Problem(Code.KEY_UNKNOWN, key=key_id)
    behind = lagging(district)
    if behind and not force:
        raise Problem(Code.KEY_STILL_IN_USE, count=len(behind))
    body = DistrictKeysRetired(keys=(key_id,)).model_dump_json()
    district.record.renewals.tell(_granted(district), body)


def keys_of(district: District) -> tuple[KeyLine, ...]:
    """Return every key that the district ever had, the oldest first."""
    in_force = district.charter
    lines: dict[tuple[Use, str], KeyLine] = {}
    for charter in (*district.record.renewals.former(), in_force):
        for use in USES:
            key_id = suite1.key_id(base64_bytes(getattr(charter, _FIELDS[use])))
            current = getattr(in_force, _FIELDS[use]) == getattr(charter, _FIELDS[use])
            line = KeyLine(use, key_id, utc_text(charter.made_at), current)
            lines.setdefault((use, key_id), line)
    return tuple(lines.values())
