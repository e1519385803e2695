"""Write a small file so that a power cut leaves the old one or the new one."""

import os
from pathlib import Path


def write_durably(path: Path, content: bytes) -> None:
    """Replace `path` by `content`: written aside, synced, renamed, folder synced."""
    aside = path.with_name(path.name + ".new")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    if os.name == "posix":
        # NTFS journals the rename itself and has no folder handle to sync.
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
