"""Take in a stick as if its files had come over the line; put the answers beside them.

Rule 1: the same keepers, the same receipts: what came by line before is receipted here
        by the same bytes (P4). Taking a stick in again changes nothing.
Rule 2: a refusal is signed: on a stick nobody else could tell who wrote it.
Rule 3: one file's or one desk's trouble holds up no other; nothing of the desk's own
        half is touched.
"""

import json
from typing import Final

from pydantic import ValidationError

from schemas.contact import Contact
from schemas.encoding import JsonObject, base64_bytes, canonical
from schemas.problems import Code, Problem
from schemas.stick import Letter, StickFeed, StickWelcome
from sync.district.intake.contacts import read_contact
from sync.district.intake.greeting import answer_greeting
from sync.district.intake.keeping import IntakeParts, keep, require_granted
from sync.district.ledger.sealed import Device
from sync.protocol import paths
from sync.seal.batches import read_batch
from sync.seal.refusals import sign_refusal
from sync.seal.requests import Target, claimed_key, request_is_genuine
from sync.stick.layout import Kind, Name
from sync.stick.stick import DeskTaken, Stick, Trouble

# Messages a file; a damaged file costs at most this many until the next stick.
_PAGE: Final = 50
_TAKEN: Final = (Kind.BATCH, Kind.CHUNK, Kind.CONTACT)
# Only what the device did sign may be refused for good: a file that somebody damaged
# and named anew must not cost the desk its good batch.
_FINAL: Final = frozenset({Code.BATCH_OVERLAPS, Code.DEVICE_REVOKED})


def take_stick(parts: IntakeParts, stick: Stick) -> tuple[DeskTaken, ...]:
    """Take in every desk's folder; `Problem(STICK_FOREIGN)` where there is none."""
    return tuple(_Folder(parts, stick, device).take() for device in stick.devices())


class _Folder:
    """One desk's folder on one stick."""

    def __init__(self, parts: IntakeParts, stick: Stick, device: str) -> None:
        self._parts, self._stick, self._device = parts, stick, device
        self._troubles: list[Trouble] = []
        self._receipts = self._messages = 0
        self._greeted = False

    def take(self) -> DeskTaken:
        names, unknown = self._stick.listed(self._device, "out")
        self._troubles += unknown
        for name in sorted(names, key=lambda each: _TAKEN.index(each.kind)
                           if each.kind in _TAKEN else len(_TAKEN)):  # fmt: skip
            try:
                self._file(name)
            except Problem as problem:
                if problem.code in {Code.STICK_PULLED_OUT, Code.STICK_READ_ONLY,
                                    Code.STICK_FULL}:  # fmt: skip
                    raise
                self._troubles.append(Trouble(str(name), problem.code))
        return DeskTaken(
            self._device,
            self._receipts,
            self._messages,
            self._greeted,
            tuple(self._troubles),
        )

    def _file(self, name: Name) -> None:
        if name.kind not in _TAKEN:
            raise Problem(Code.STICK_FILE_UNKNOWN, file=str(name))
        content = self._stick.read(self._device, "out", name)
        if name.kind is Kind.CONTACT:
            self._contact(content)
            return
        try:
            receipt = keep(self._parts, content)
        except Problem as problem:
            self._refuse(name.kind, content, problem.code)
            raise
        self._put(Kind.RECEIPT, canonical(_object(receipt)))
        self._receipts += 1

    def _refuse(self, kind: Kind, content: bytes, code: Code) -> None:
        if kind is not Kind.BATCH or code not in _FINAL:
            return
        try:
            batch = read_batch(content)
        except Problem:
            # It does not even say whose it is: there is nobody to answer.
            return
        refusal = sign_refusal(
            batch.header.device,
            batch.digest,
            code,
            key=self._parts.receipts,
            now=self._parts.now(),
        )
        self._put(Kind.REFUSAL, canonical(refusal))

    def _contact(self, content: bytes) -> None:
        contact, device = self._letter(content)
        if device.device != self._device:
            raise Problem(Code.MESSAGE_MALFORMED, detail="device")
        require_granted(device)
        answer = answer_greeting(self._parts, contact, device, page=0)
        welcome = StickWelcome(welcome=answer.welcome, successions=answer.successions)
        fresh = [self._put(Kind.WELCOME, canonical(welcome))]
        fresh += self._feed(contact.feed_cursor)
        self._greeted = True
        # What an earlier visit put there is superseded, and was superset by this.
        names, _ = self._stick.listed(self._device, "in")
        over = [
            each
            for each in names
            if each.kind in {Kind.WELCOME, Kind.FEED} and each not in fresh
        ]
        self._stick.drop(self._device, "in", tuple(over))

    def _feed(self, cursor: int) -> list[Name]:
        put: list[Name] = []
        while True:
            messages, _ = self._parts.ledger.feed_after(
                self._device, cursor, limit=_PAGE
            )
            if not messages:
                return put
            page = StickFeed(messages=messages)
            put.append(self._put(Kind.FEED, canonical(page)))
            self._messages += len(messages)
            cursor = messages[-1].header.position

    def _letter(self, content: bytes) -> tuple[Contact, Device]:
        """Return a greeting and who signed it, checked as over the line."""
        try:
            letter = Letter.model_validate_json(content)
            body = base64_bytes(letter.body)
        except (ValidationError, ValueError) as error:
            raise Problem(Code.MESSAGE_MALFORMED, detail="letter") from error
        if (letter.method, letter.path) != ("POST", paths.CONTACT):
            raise Problem(Code.MESSAGE_MALFORMED, detail="letter")
        claimed = claimed_key(letter.fields)
        ledger = self._parts.ledger
        device = ledger.device_of_key(claimed) if claimed else None
        if device is None:
            raise Problem(Code.DEVICE_UNKNOWN)
        target = Target(letter.method, letter.path, letter.query)
        if not request_is_genuine(target, body, letter.fields, device.signing_public):
            raise Problem(Code.SIGNATURE_INVALID)
        return read_contact(body, device), device

    def _put(self, kind: Kind, content: bytes) -> Name:
        return self._stick.put(self._device, "in", kind, content)


def _object(text: str) -> JsonObject:
    document: JsonObject = json.loads(text)
    return document
