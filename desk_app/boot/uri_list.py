"""What a drag brings: a list of addresses (text/uri-list, RFC 2483), read as files.

Only files of this machine are files here: what lies on the web, in a camera or on
another machine has to be saved first.
"""

import os
from pathlib import Path
from typing import Final
from urllib.parse import unquote_to_bytes, urlsplit

from schemas.problems import Code, Problem

# RFC 8089: no host, or the name of this one.
_HERE: Final = frozenset({"", "localhost"})


def local_files(uri_list: bytes, *, host: str) -> tuple[Path, ...]:
    """Return the files of a list, in its order; `host` is this machine's name.

    `Problem(DROP_NOT_FILES)` for a list without any, or with something else in it.
    """
    # Names are bytes: what is no UTF-8 stays as it is.
    lines = os.fsdecode(uri_list).splitlines()
    addresses = [line for line in lines if line and not line.startswith("#")]
    if not addresses:
        raise Problem(Code.DROP_NOT_FILES)
    return tuple(_local_file(address, host) for address in addresses)


def _local_file(address: str, host: str) -> Path:
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise Problem(Code.DROP_NOT_FILES) from error
    is_here = parts.scheme == "file" and parts.netloc.lower() in {*_HERE, host.lower()}
    # A name may have a question mark or a hash: they come percent-encoded.
    path = os.fsdecode(unquote_to_bytes(os.fsencode(parts.path)))
    if not is_here or not path.startswith("/") or "\0" in path:
        raise Problem(Code.DROP_NOT_FILES)
    return Path(path)
