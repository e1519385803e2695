"""Take a desk in: the grant, signed beside the record, never by intake."""

import re
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from typing import Literal

from schemas.base import utc_text
from schemas.encoding import base64_text
from schemas.enrolment import Charter, GrantPackage, Invitation, NamedDocument
from schemas.problems import Code, Problem
from sync.district.config.keyring import ReconcileKeys
from sync.district.ledger.sealed import Device, SealedLedger
from sync.seal import suite1
from sync.seal.enrolment import (
    charter_digest,
    document_digest,
    enrol_code,
    fingerprint,
    invitation_digest,
    make_grant,
)
from sync.seal.slips import certify_device

_DOCUMENTS: tuple[tuple[Literal["edition", "holidays", "closed_seasons"], str], ...] = (
    ("edition", "edition-1.json"),
    ("holidays", "holidays.json"),
    ("closed_seasons", "closed_seasons.json"),
)


def device_fingerprint(device: Device) -> str:
    """Return what the desk's own window shows."""
    return fingerprint(device.signing_public + device.sealing_public)


def charter_fingerprint(charter: Charter) -> str:
    """Return what the desk shows of its district."""
    return fingerprint(bytes.fromhex(charter_digest(charter)))


def invite(
    sealed: SealedLedger, charter: Charter, *, secret: bytes, town: str,
    expires_at: datetime,
) -> tuple[str, Invitation]:  # fmt: skip
    """Make a one-time invitation: the code to type, and the file.

    `Problem(TOWN_MALFORMED)` for what is no town's nine digits.
    """
    if not re.fullmatch(r"[0-9]{9}", town):
        raise Problem(Code.TOWN_MALFORMED)
    sealed.invite(
        invitation_digest(secret),
        secret=base64_text(secret),
        town=town,
        expires_at=expires_at,
    )
    file = Invitation(
        charter=charter,
        secret=base64_text(secret),
        town=town,
        expires_at=expires_at,
    )
    return enrol_code(secret, charter), file


def _cannot_read_editions(program: str) -> bool:
    """Say whether a desk's program would not take an edition of today.

    0.1 refuses an item with a field that it does not know, and with it the whole grant:
    it works by the edition that it was shipped with, until it is itself of today.
    """
    return program.startswith("island-desk 0.1.")


def approve(
    sealed: SealedLedger, charter: Charter, keys: ReconcileKeys, *, device: str,
    terminal: str, now: datetime,
) -> GrantPackage:  # fmt: skip
    """Grant a desk its terminal, after a person compared both fingerprints.

    A desk that has this terminal gets the same grant again: its file may be lost.
    `Problem(TERMINAL_MALFORMED)`, `TERMINAL_TAKEN`, `TERMINAL_NOT_ITS_OWN`,
    `DEVICE_NOT_FOUND`.
    """
    if not re.fullmatch(r"[0-9]{2}", terminal):
        raise Problem(Code.TERMINAL_MALFORMED)
    asked = sealed.device(device)
    if asked is None:
        raise Problem(Code.DEVICE_NOT_FOUND, device=device)
    had = sealed.had_terminal(device)
    if had is not None and had != terminal:
        # Its numbers are on paper: they bear the terminal that it had.
        raise Problem(Code.TERMINAL_NOT_ITS_OWN, terminal=had)
    if asked.state == "granted" and asked.terminal == terminal:
        kept = sealed.package(device)
        if kept is not None:
            return kept
    documents = []
    older = _cannot_read_editions(sealed.program_of(device))
    for kind, name in _DOCUMENTS:
        if older and kind == "edition":
            continue
        text = files("assets").joinpath("catalogue", name).read_text("utf-8")
        digest = document_digest(text)
        documents.append(NamedDocument(kind=kind, digest=digest, text=text))

    def package_for(number: int) -> GrantPackage:
        granted = replace(asked, number=number, terminal=terminal)
        return grant_package(granted, charter, keys, tuple(documents), now=now)

    return sealed.grant(device, terminal, package_for)


def grant_package(
    device: Device, charter: Charter, keys: ReconcileKeys,
    documents: tuple[NamedDocument, ...], *, now: datetime,
) -> GrantPackage:  # fmt: skip
    """Sign that a device works by its key, and join what it must believe for that."""
    terminal = device.terminal or ""
    grant = make_grant(
        {
            "suite": suite1.SUITE,
            "device": device.device,
            "device_number": device.number,
            "town": device.town,
            "terminal": terminal,
            "charter_digest": charter_digest(charter),
            "documents": {each.kind: each.digest for each in documents},
            "granted_at": utc_text(now),
            "device_certificate": certify_device(
                device.signing_public,
                town=device.town,
                terminal=terminal,
                answers=keys.answers,
            ),
        },
        keys.answers,
    )
    return GrantPackage(
        charter=charter, grant=grant, documents=documents, successions=keys.successions
    )
