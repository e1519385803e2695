"""Backups: who can open one, and whether it is whole.

The recovery key on paper is also a sealing key: its 160 random bits give a hybrid key
pair by HKDF-SHA-256, so that a desk can seal a backup to it every night without having
it. No passphrase opens a backup: a lost stick cannot be guessed at.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import ValidationError

from schemas.backup import BackupHeader, BackupSecret, Release, ReleaseRequest
from schemas.base import utc_text
from schemas.encoding import JsonObject, base64_bytes, base64_text, canonical
from schemas.problems import Code, Problem
from sync.seal import suite1
from sync.seal.documents import BACKUP, RELEASE, check_document, sign_document
from sync.seal.keys import SealingKey, SigningKey, verify

MAGIC: Final = b"IDV1"
_LARGEST_HEADER: Final = 16 * 2**10
_SIGNATURE: Final = 64
_SEED: Final = 96


def recovery_pair(recovery_key: str) -> SealingKey:
    """Return the key pair that a recovery key's text stands for."""
    derive = HKDF(hashes.SHA256(), _SEED, salt=None, info=b"island-desk/recovery/1")
    return SealingKey(derive.derive(recovery_key.encode("ascii")))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A vault's copy: whose, how far its journal goes, its size and digest."""

    device: str
    desk_name: str
    epoch: int
    sequence: int
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class ReadBackup:
    """The part of a backup before the snapshot; verified, still sealed."""

    header: BackupHeader
    secret: bytes
    escrow: bytes
    snapshot_at: int
    """Where in the file the snapshot begins."""


def close_backup(
    snapshot: Snapshot, secret: BackupSecret, *, recovery_public: bytes,
    district_public: bytes | None, signing: SigningKey, now: datetime,
) -> tuple[bytes, BackupHeader]:  # fmt: skip
    """Return what goes before the snapshot's bytes, and its header."""
    context = _context(snapshot.device, snapshot.digest)
    plain = canonical(secret)
    sealed = suite1.seal(plain, public=recovery_public, context=context)
    escrow = b""
    if district_public is not None:
        escrow = suite1.seal(plain, public=district_public, context=context)
    header = BackupHeader(
        suite=suite1.SUITE,
        device=snapshot.device,
        desk_name=snapshot.desk_name,
        signing_key=base64_text(signing.public),
        recovery_key=suite1.key_id(recovery_public),
        escrow_key=suite1.key_id(district_public) if district_public else None,
        made_at=now,
        epoch=snapshot.epoch,
        sequence=snapshot.sequence,
        secret_size=len(sealed),
        secret_digest=suite1.digest(sealed),
        escrow_size=len(escrow),
        escrow_digest=suite1.digest(escrow),
        snapshot_size=snapshot.size,
        snapshot_digest=snapshot.digest,
    )
    head = canonical(header)
    length = len(head).to_bytes(4, "big")
    signature = signing.sign(BACKUP, head)
    return MAGIC + length + head + signature + sealed + escrow, header


def _context(device: str, digest: str) -> bytes:
    body: JsonObject = {"kind": "backup", "device": device, "snapshot": digest}
    return canonical(body)


def read_backup(begin: bytes) -> ReadBackup:
    """Check the beginning of a backup file (all before the snapshot, or more).

    `Problem(BACKUP_UNREADABLE)` names the part that is off.
    """
    if len(begin) < 8 or not begin.startswith(MAGIC):  # noqa: PLR2004 - magic, length
        raise Problem(Code.BACKUP_UNREADABLE, part="magic")
    length = int.from_bytes(begin[4:8], "big")
    if length > _LARGEST_HEADER or len(begin) < 8 + length + _SIGNATURE:
        raise Problem(Code.BACKUP_UNREADABLE, part="length")
    head = begin[8 : 8 + length]
    try:
        header = BackupHeader.model_validate_json(head)
        public = base64_bytes(header.signing_key)
    except (ValidationError, ValueError) as error:
        raise Problem(Code.BACKUP_UNREADABLE, part="header") from error
    if header.suite != suite1.SUITE:
        raise Problem(Code.SUITE_UNKNOWN, suite=header.suite)
    at = 8 + length
    if not verify(public, BACKUP, head, begin[at : at + _SIGNATURE]):
        raise Problem(Code.BACKUP_UNREADABLE, part="signature")
    at += _SIGNATURE
    secret = begin[at : at + header.secret_size]
    at += header.secret_size
    escrow = begin[at : at + header.escrow_size]
    at += header.escrow_size
    if (suite1.digest(secret), suite1.digest(escrow)) != (
        header.secret_digest,
        header.escrow_digest,
    ):
        raise Problem(Code.BACKUP_UNREADABLE, part="secret")
    return ReadBackup(header, secret, escrow, at)


LARGEST_BEGIN: Final = 8 + _LARGEST_HEADER + _SIGNATURE + 2 * 64 * 2**10
"""As many bytes as can come before a snapshot."""


def open_secret(backup: ReadBackup, key: SealingKey) -> BackupSecret:
    """Return what opens the snapshot, by the recovery key.

    `Problem(RECOVERY_KEY_WRONG)` for another desk's key.
    """
    if key.key_id != backup.header.recovery_key:
        raise Problem(Code.RECOVERY_KEY_WRONG)
    return _read_secret(_unsealed(backup.header, backup.secret, key))


def _unsealed(header: BackupHeader, sealed: bytes, key: SealingKey) -> bytes:
    context = _context(header.device, header.snapshot_digest)
    return key.unseal(sealed, context=context)


def _bytes(text: str, part: str) -> bytes:
    try:
        return base64_bytes(text)
    except ValueError as error:
        raise Problem(Code.BACKUP_UNREADABLE, part=part) from error


def _read_secret(plain: bytes) -> BackupSecret:
    try:
        return BackupSecret.model_validate_json(plain)
    except ValidationError as error:
        raise Problem(Code.BACKUP_UNREADABLE, part="secret") from error


def ask_release(
    backup: ReadBackup, *, answer_to: SealingKey, now: datetime
) -> ReleaseRequest:
    """Return the request to open the escrow; `Problem(BACKUP_WITHOUT_ESCROW)`."""
    if backup.header.escrow_key is None:
        raise Problem(Code.BACKUP_WITHOUT_ESCROW)
    return ReleaseRequest(
        suite=suite1.SUITE,
        header=backup.header,
        escrow=base64_text(backup.escrow),
        sealing_key=base64_text(answer_to.public),
        asked_at=now,
    )


def release(
    request: ReleaseRequest, escrow_key: SealingKey, *, answers: SigningKey,
    now: datetime,
) -> Release:  # fmt: skip
    """Open an escrow and seal what it says to the machine that asked.

    `Problem(BACKUP_UNREADABLE)` names what of the request is no base64url.
    """
    header = request.header
    plain = _unsealed(header, _bytes(request.escrow, "escrow"), escrow_key)
    _read_secret(plain)
    public = _bytes(request.sealing_key, "key")
    sealed = suite1.seal(
        plain, public=public, context=_context(header.device, header.snapshot_digest)
    )
    document: JsonObject = {
        "suite": suite1.SUITE,
        "device": header.device,
        "snapshot_digest": header.snapshot_digest,
        "sealing_key": suite1.key_id(public),
        "sealed": base64_text(sealed),
        "released_at": utc_text(now),
    }
    return Release.model_validate(sign_document(document, answers, RELEASE))


def open_release(backup: ReadBackup, answer: Release, key: SealingKey) -> BackupSecret:
    """Return what opens the snapshot, by the district's answer to this machine.

    `Problem(RELEASE_NOT_FOR_THIS)` for another machine's or another backup's answer.
    """
    header = backup.header
    if (answer.sealing_key, answer.device, answer.snapshot_digest) != (
        key.key_id,
        header.device,
        header.snapshot_digest,
    ):
        raise Problem(Code.RELEASE_NOT_FOR_THIS)
    return _read_secret(_unsealed(header, _bytes(answer.sealed, "answer"), key))


def release_is_genuine(answer: Release, answers_public: bytes) -> bool:
    """Say whether the district signed this answer."""
    return check_document(answer.model_dump(mode="json"), answers_public, RELEASE)
