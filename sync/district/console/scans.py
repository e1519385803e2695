"""A case's scans: which are there, and looking at one.

Rule: what a desk sent is shown as a picture or handed over as a file, never run. Its
type must be one of three and must be what the bytes begin with.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, FastAPI, Request, Response

from schemas.problems import Code, Problem
from sync.district.console.pages import ConsoleParts
from sync.district.console.sessions import ConsoleSession
from sync.district.reconcile.scanning import open_scan, standing_of

_BEGINS: Final = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "application/pdf": b"%PDF-",
}
_ENDING: Final = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
_SEALED_OFF: Final = "default-src 'none'; sandbox"


@dataclass(frozen=True, slots=True)
class ScanRow:
    """One page as the case's page shows it."""

    material: str
    position: int
    digest: str
    turned: int
    pieces: int
    of: int
    held: bool
    picture: bool


def rows_of(
    parts: ConsoleParts, number: str, names: dict[str, str]
) -> tuple[ScanRow, ...]:
    """Return a case's scans, those at one material together."""
    return tuple(
        ScanRow(
            names.get(each.page.material, each.page.material),
            each.page.position,
            each.page.content.digest,
            each.page.turned % 360,
            each.pieces,
            each.of,
            each.held,
            each.page.content.media_type.startswith("image/"),
        )
        for each in standing_of(parts.sealed, parts.record, number)
    )


def add_scan_pages(
    app: FastAPI, parts: ConsoleParts, signed_in: Callable[[Request], ConsoleSession]
) -> None:
    """Let staff look at scans."""
    who = Annotated[ConsoleSession, Depends(signed_in)]

    @app.get("/cases/{number}/scans/{digest}")
    def scan(session: who, number: str, digest: str) -> Response:
        media_type, content = open_scan(
            parts.sealed, parts.record, parts.keys, number=number, digest=digest
        )
        begins = _BEGINS.get(media_type)
        if begins is None or not content.startswith(begins):
            raise Problem(Code.SCAN_NOT_HERE)
        subject = f"{number}/{digest[:16]}"
        parts.record.note(session.login, "scan_seen", subject, now=parts.now())
        name = f"{number}-{digest[:8]}.{_ENDING[media_type]}"
        way = "inline" if media_type.startswith("image/") else "attachment"
        headers = {
            "Content-Security-Policy": _SEALED_OFF,
            "Content-Disposition": f'{way}; filename="{name}"',
        }
        return Response(content, media_type=media_type, headers=headers)
