"""Key slots: one random database key, wrapped once per operator and for recovery.

Passphrases are stretched by Argon2id (RFC 9106, 64 MiB) and wrap the key with
AES-256-GCM; the slot's own header is bound in. The file names nobody: a slot is found
by a salted tag of the login. Adding, removing or changing a passphrase rewrites this
small file only, never the database. Passphrases are NFKC: the same word typed with
another input method must unlock (names, by contrast, are never NFKC).
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from pydantic import ValidationError

from desk_app.config.durable import write_durably
from schemas.base import Base64, Frozen
from schemas.encoding import base64_bytes, base64_text, canonical
from schemas.problems import Code, Problem

Dice = Callable[[int], bytes]
KEY_SIZE: Final = 32
_SHORTEST = 10
_COMMON = frozenset({"1234567890", "0123456789", "password12", "passwordpassword"})
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RECOVERY_BYTES = 20
_RECOVERY_LETTERS = 32
_RECOVERY_LOGIN = "\x00recovery"


class Argon(Frozen):
    """What one stretching cost; kept per slot, so that later ones may cost more."""

    iterations: int = 3
    lanes: int = 4
    memory_kib: int = 64 * 1024


class Slot(Frozen):
    """The database key, wrapped for one passphrase."""

    slot_id: str
    tag: str
    salt: Base64
    argon: Argon
    nonce: Base64
    wrapped: Base64


class SlotFile(Frozen):
    """All slots; `tag_salt` keeps logins from being read off the tags."""

    format: str = "island-desk/keyslots/1"
    tag_salt: Base64
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A database key and the slot that gave it."""

    key: bytes
    slot_id: str

    def __repr__(self) -> str:
        """Show the slot, never the key."""
        return f"Unlocked(slot_id={self.slot_id!r})"


def check_passphrase(passphrase: str, *, login: str) -> None:
    """Refuse a weak passphrase: `Problem(PASSPHRASE_WEAK)`."""
    plain = _same(passphrase)
    weak = (
        len(plain) < _SHORTEST
        or len(set(plain)) <= 3  # noqa: PLR2004 - `aaaaaaaaaa` and its like
        or plain.lower() in _COMMON
        or plain.lower() == login.lower()
    )
    if weak:
        raise Problem(Code.PASSPHRASE_WEAK)


def new_recovery_key(dice: Dice) -> str:
    """Return 160 random bits for paper: 8 groups of 4, Crockford base32."""
    number = int.from_bytes(dice(_RECOVERY_BYTES), "big")
    letters = "".join(
        _ALPHABET[(number >> 5 * place) & 31] for place in range(_RECOVERY_LETTERS)
    )
    return "-".join(letters[i : i + 4] for i in range(0, _RECOVERY_LETTERS, 4))


def read_recovery_key(text: str) -> str:
    """Return a typed recovery key in its one form; O, I and L are read as meant."""
    letters = _same(text).upper().replace("-", "").replace(" ", "")
    letters = letters.translate(str.maketrans("OIL", "011"))
    if len(letters) != _RECOVERY_LETTERS or any(c not in _ALPHABET for c in letters):
        raise Problem(Code.RECOVERY_KEY_WRONG)
    return "-".join(letters[i : i + 4] for i in range(0, _RECOVERY_LETTERS, 4))


class Keyslots:
    """The key slot file of a desk."""

    def __init__(self, path: Path, *, dice: Dice) -> None:
        self._path = path
        self._dice = dice

    @property
    def exist(self) -> bool:
        """Say whether the desk was set up."""
        return self._path.exists()

    def create(self, login: str, passphrase: str) -> tuple[Unlocked, str]:
        """Make the key, the first operator's slot and the recovery slot.

        Returns the key and the recovery key's text, which is kept nowhere.
        """
        if self.exist:
            raise Problem(Code.ALREADY_SET_UP)
        check_passphrase(passphrase, login=login)
        key = self._dice(KEY_SIZE)
        recovery = new_recovery_key(self._dice)
        file = SlotFile(tag_salt=base64_text(self._dice(16)), slots=())
        first = self._slot(file, login, passphrase, key)
        second = self._slot(file, _RECOVERY_LOGIN, recovery, key)
        self._write(file.model_copy(update={"slots": (first, second)}))
        return Unlocked(key, first.slot_id), recovery

    def unlock(self, login: str, passphrase: str) -> Unlocked:
        """Return the key; `Problem(PASSPHRASE_WRONG)` for any mismatch."""
        file = self._read()
        slot = self._find(file, login)
        if slot is None:
            # The same work for an unknown login: timing must not tell who exists.
            _stretch(passphrase, self._dice(16), Argon())
            raise Problem(Code.PASSPHRASE_WRONG, wait_s=0)
        return Unlocked(_unwrap(slot, passphrase), slot.slot_id)

    def unlock_with_recovery(self, text: str) -> Unlocked:
        """Return the key by the printed recovery key."""
        slot = self._find(self._read(), _RECOVERY_LOGIN)
        recovery = read_recovery_key(text)
        if slot is None:
            raise Problem(Code.RECOVERY_KEY_WRONG)
        try:
            return Unlocked(_unwrap(slot, recovery), slot.slot_id)
        except Problem as problem:
            raise Problem(Code.RECOVERY_KEY_WRONG) from problem

    def add(self, key: bytes, login: str, passphrase: str) -> str:
        """Add a slot for one more operator; returns the slot's id."""
        check_passphrase(passphrase, login=login)
        file = self._read()
        if self._find(file, login) is not None:
            raise Problem(Code.LOGIN_TAKEN, login=login)
        slot = self._slot(file, login, passphrase, key)
        self._write(file.model_copy(update={"slots": (*file.slots, slot)}))
        return slot.slot_id

    def change(self, key: bytes, login: str, passphrase: str) -> str:
        """Give an operator's slot a new passphrase; returns the slot's id."""
        check_passphrase(passphrase, login=login)
        file = self._read()
        old = self._find(file, login)
        if old is None:
            raise Problem(Code.OPERATOR_UNKNOWN)
        slot = self._slot(file, login, passphrase, key)
        slot = slot.model_copy(update={"slot_id": old.slot_id})
        slot = replace_wrapping(slot, key, passphrase, dice=self._dice)
        others = tuple(each for each in file.slots if each.slot_id != old.slot_id)
        self._write(file.model_copy(update={"slots": (*others, slot)}))
        return slot.slot_id

    def renew_recovery(self, key: bytes) -> str:
        """Replace the recovery key; the one on paper opens nothing from now on."""
        file = self._read()
        recovery = new_recovery_key(self._dice)
        slot = self._slot(file, _RECOVERY_LOGIN, recovery, key)
        others = tuple(each for each in file.slots if each.tag != slot.tag)
        self._write(file.model_copy(update={"slots": (*others, slot)}))
        return recovery

    @property
    def slot_ids(self) -> frozenset[str]:
        """The slots that there are; `Problem(KEYSLOTS_DAMAGED)`."""
        return frozenset(each.slot_id for each in self._read().slots)

    def remove(self, slot_id: str) -> None:
        """Take a slot away; that passphrase opens nothing from now on."""
        file = self._read()
        slots = tuple(each for each in file.slots if each.slot_id != slot_id)
        self._write(file.model_copy(update={"slots": slots}))

    def _read(self) -> SlotFile:
        if not self.exist:
            raise Problem(Code.NOT_SET_UP)
        try:
            return SlotFile.model_validate_json(self._path.read_bytes())
        except ValidationError:
            # Without its cause: that one quotes the file.
            raise Problem(Code.KEYSLOTS_DAMAGED) from None

    def _write(self, file: SlotFile) -> None:
        write_durably(self._path, canonical(file))

    def _find(self, file: SlotFile, login: str) -> Slot | None:
        tag = _tag(file, login)
        return next((s for s in file.slots if hmac.compare_digest(s.tag, tag)), None)

    def _slot(self, file: SlotFile, login: str, passphrase: str, key: bytes) -> Slot:
        slot = Slot(
            slot_id=self._dice(8).hex(),
            tag=_tag(file, login),
            salt="",
            argon=Argon(),
            nonce="",
            wrapped="",
        )
        return replace_wrapping(slot, key, passphrase, dice=self._dice)


def replace_wrapping(slot: Slot, key: bytes, passphrase: str, *, dice: Dice) -> Slot:
    """Return the slot with the key wrapped anew under a passphrase."""
    salt, nonce = dice(16), dice(12)
    bare = slot.model_copy(
        update={"salt": base64_text(salt), "nonce": base64_text(nonce), "wrapped": ""}
    )
    wrapping = AESGCM(_stretch(passphrase, salt, slot.argon))
    wrapped = wrapping.encrypt(nonce, key, canonical(bare))
    return bare.model_copy(update={"wrapped": base64_text(wrapped)})


def _unwrap(slot: Slot, passphrase: str) -> bytes:
    stretched = _stretch(passphrase, base64_bytes(slot.salt), slot.argon)
    bare = canonical(slot.model_copy(update={"wrapped": ""}))
    try:
        return AESGCM(stretched).decrypt(
            base64_bytes(slot.nonce), base64_bytes(slot.wrapped), bare
        )
    except InvalidTag as error:
        raise Problem(Code.PASSPHRASE_WRONG, wait_s=0) from error


def _same(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _tag(file: SlotFile, login: str) -> str:
    salt = base64_bytes(file.tag_salt)
    return hmac.digest(salt, login.lower().encode(), hashlib.sha256).hex()


def _stretch(passphrase: str, salt: bytes, argon: Argon) -> bytes:
    return Argon2id(
        salt=salt,
        length=KEY_SIZE,
        iterations=argon.iterations,
        lanes=argon.lanes,
        memory_cost=argon.memory_kib,
    ).derive(_same(passphrase).encode())
