r"""The hash chain of a device's journal, per epoch; the hash is the suite's.

head(0) = H("island-desk/chain/1\n" device "\n" epoch)
head(n) = H("island-desk/link/1\n" head(n-1) "\n" entry bytes)
"""

from collections.abc import Callable, Iterable
from typing import TypeAlias

DigestOf: TypeAlias = Callable[[bytes], str]


def chain_start(digest: DigestOf, device: str, epoch: int) -> str:
    """Return the head before the first entry of an epoch."""
    return digest(f"island-desk/chain/1\n{device}\n{epoch}".encode())


def chain_next(digest: DigestOf, head: str, entry: bytes) -> str:
    """Return the head after `entry`."""
    return digest(b"island-desk/link/1\n" + head.encode("ascii") + b"\n" + entry)


def chain_over(digest: DigestOf, head: str, entries: Iterable[bytes]) -> str:
    """Return the head after all `entries`, in order."""
    for entry in entries:
        head = chain_next(digest, head, entry)
    return head
