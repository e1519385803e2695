"""The district's keys on disk, each file readable by its owner only.

Rule 1: intake's ring has receipt keys alone; reconcile's ring has opening and answers
        keys. A process loads only the ring of its own folder.
Rule 2: a key file is named by its key and never overwritten; the charter says which
        ones are in force, so that one rename changes all of them at once. Former
        opening keys stay for ever: old batches open for years.
Rule 3: a ring looks at the charter again before each use: a change is in force without
        a restart.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pydantic import TypeAdapter

from schemas.encoding import base64_bytes, base64_text
from schemas.enrolment import Charter, Succession
from schemas.problems import Code, Problem
from sync.district.config.places import DistrictPlaces
from sync.seal import suite1
from sync.seal.enrolment import charter_digest
from sync.seal.keys import SealingKey, SigningKey

_successions: TypeAdapter[tuple[Succession, ...]] = TypeAdapter(tuple[Succession, ...])
_RECEIPTS = "receipt"
_OPENING = "opening"
_ANSWERS = "answers"


def write_private(path: Path, text: str) -> None:
    """Write a secret: 0600 from the first byte (on Windows the profile is closed)."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def read_charter(places: DistrictPlaces) -> Charter:
    """Return the district's public identity.

    `Problem(DISTRICT_NOT_SET_UP)`; `DISTRICT_FILE_DAMAGED` where there are keys but no
    charter that can be read: a second set-up would make every desk a stranger.
    """
    damaged = Problem(Code.DISTRICT_FILE_DAMAGED, file=places.charter.name)
    try:
        return Charter.model_validate_json(places.charter.read_text("utf-8"))
    except FileNotFoundError as error:
        any_key = next(places.home.glob("*/*.key"), None)
        raise damaged if any_key else Problem(Code.DISTRICT_NOT_SET_UP) from error
    except ValueError as error:
        raise damaged from error


def read_successions(places: DistrictPlaces) -> tuple[Succession, ...]:
    """Return how one charter followed another, in order."""
    try:
        return _successions.validate_json(places.successions.read_bytes())
    except FileNotFoundError:
        return ()


class _Ring:
    """Keys of one folder, by their ids; the charter says which are in force."""

    def __init__(self, places: DistrictPlaces) -> None:
        self._places = places
        self._seen: tuple[int, int] | None = None
        self._charter: Charter | None = None
        self._read: dict[tuple[str, str], bytes] = {}

    @property
    def charter(self) -> Charter:
        """The charter in force."""
        try:
            status = self._places.charter.stat()
        except FileNotFoundError:
            # Says whether there is no district, or one whose charter is lost.
            return read_charter(self._places)
        seen = (status.st_mtime_ns, status.st_ino)
        if self._charter is None or seen != self._seen:
            self._charter = read_charter(self._places)
            self._seen = seen
        return self._charter

    def _key(self, folder: Path, use: str, key_id: str) -> bytes:
        # Once a process: a key file never changes.
        if (use, key_id) not in self._read:
            self._read[use, key_id] = _read(folder, use, key_id)
        return self._read[use, key_id]

    @property
    def successions(self) -> tuple[Succession, ...]:
        """How the charters before the one in force led to it."""
        return read_successions(self._places)

    def answers_publics(self) -> tuple[bytes, ...]:
        """Return the public answers keys of every charter, the one in force first."""
        charters = [self.charter, *(each.charter for each in self.successions)]
        with suppress(FileNotFoundError):
            first = self._places.first_charter.read_bytes()
            charters.append(Charter.model_validate_json(first))
        keys = dict.fromkeys(each.answers_key for each in charters)
        return tuple(map(base64_bytes, keys))


class ReceiptRing(_Ring):
    """What intake holds."""

    def successions_after(self, digest: str | None) -> tuple[Succession, ...]:
        """Return what leads from a charter to the one in force; none if it is that."""
        if digest is None or digest == charter_digest(self.charter):
            return ()
        path: list[Succession] = []
        for each in self.successions:
            if path or each.predecessor == digest:
                path.append(each)
        return tuple(path)

    def current(self) -> SigningKey:
        """Return the receipt key in force; `Problem(KEY_MISSING)`."""
        public = base64_bytes(self.charter.receipt_key)
        key_id = suite1.key_id(public)
        return SigningKey(self._key(self._places.intake, _RECEIPTS, key_id))


class ReconcileKeys(_Ring):
    """What only the side beside the record holds; `Problem(OPENING_KEY_MISSING)`."""

    @property
    def opening(self) -> SealingKey:
        """The opening key in force."""
        public = base64_bytes(self.charter.sealing_key)
        with _in_force():
            return self.opening_of(suite1.key_id(public))

    @property
    def answers(self) -> SigningKey:
        """The answers key in force."""
        public = base64_bytes(self.charter.answers_key)
        with _in_force():
            return self.answers_of(suite1.key_id(public))

    def check(self) -> None:
        """Raise `Problem(OPENING_KEY_MISSING)` unless the keys in force are there."""
        with _in_force():
            _ = self.opening, self.answers

    def opening_of(self, key_id: str) -> SealingKey:
        """Return the opening key of this id, former ones too; `KEY_MISSING`."""
        return SealingKey(self._key(self._places.reconcile, _OPENING, key_id))

    def answers_of(self, key_id: str) -> SigningKey:
        """Return the answers key of this id, former ones too; `KEY_MISSING`."""
        return SigningKey(self._key(self._places.reconcile, _ANSWERS, key_id))


@contextmanager
def _in_force() -> Iterator[None]:
    try:
        yield
    except Problem as problem:
        raise Problem(Code.OPENING_KEY_MISSING) from problem


def make_keys(places: DistrictPlaces) -> tuple[SigningKey, SealingKey, SigningKey]:
    """Make the receipt, opening and answers keys of a new district."""
    receipts, answers = SigningKey.generate(), SigningKey.generate()
    opening = SealingKey.generate()
    # The first of each use has the use's plain name, as in version 0.1.
    for folder, use, raw in (
        (places.intake, _RECEIPTS, receipts.to_bytes()),
        (places.reconcile, _OPENING, opening.to_bytes()),
        (places.reconcile, _ANSWERS, answers.to_bytes()),
    ):
        write_private(folder / f"{use}.key", base64_text(raw))
    return receipts, opening, answers


def new_receipt_key(places: DistrictPlaces) -> SigningKey:
    """Make a receipt key and write it down; it is not in force yet."""
    key = SigningKey.generate()
    _write(places.intake, _RECEIPTS, key.key_id, key.to_bytes())
    return key


def new_opening_key(places: DistrictPlaces) -> SealingKey:
    """Make an opening key and write it down; it is not in force yet."""
    key = SealingKey.generate()
    _write(places.reconcile, _OPENING, key.key_id, key.to_bytes())
    return key


def new_answers_key(places: DistrictPlaces) -> SigningKey:
    """Make an answers key and write it down; it is not in force yet."""
    key = SigningKey.generate()
    _write(places.reconcile, _ANSWERS, key.key_id, key.to_bytes())
    return key


def put_charter(places: DistrictPlaces, charter: Charter) -> None:
    """Bring a charter into force, by one rename; the first one is kept beside it."""
    if places.charter.exists() and not places.first_charter.exists():
        _replace(places.first_charter, places.charter.read_bytes())
    _replace(places.charter, charter.model_dump_json(indent=1).encode())


def put_successions(
    places: DistrictPlaces, successions: tuple[Succession, ...]
) -> None:
    """Let intake tell desks how one charter followed another."""
    _replace(places.successions, _successions.dump_json(successions, indent=1))


def _replace(path: Path, content: bytes) -> None:
    aside = path.with_suffix(".new")
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def _write(folder: Path, use: str, key_id: str, raw: bytes) -> None:
    write_private(folder / f"{use}-{key_id}.key", base64_text(raw))


def _read(folder: Path, use: str, key_id: str) -> bytes:
    # A district of 0.1 has one key a use, under its plain name.
    for path in (folder / f"{use}-{key_id}.key", folder / f"{use}.key"):
        try:
            raw = base64_bytes(path.read_text("ascii").strip())
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            raise Problem(Code.KEY_MISSING, key=path.name) from error
        if _id_of(use, raw) == key_id:
            return raw
    raise Problem(Code.KEY_MISSING, key=f"{use}-{key_id}")


def _id_of(use: str, raw: bytes) -> str:
    return SealingKey(raw).key_id if use == _OPENING else SigningKey(raw).key_id
