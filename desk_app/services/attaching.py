"""Scans at a material: put there, ordered, turned, previewed, used again.

Content is kept once by its digest, inside the vault; how it is made small enough is
said in `scan_sizes`.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final

import pypdfium2
from PIL import Image

from desk_app.services import listing
from desk_app.services.applications import revision_of
from desk_app.services.hands import Workplace
from desk_app.services.scan_sizes import made_small
from desk_app.store import audit, cases, pages
from desk_app.store.vault import Transaction
from schemas.base import utc_text
from schemas.problems import Code, Problem

_PREVIEW: Final = 900


@dataclass(frozen=True, slots=True)
class PageShown:
    """One page at a material."""

    material: str
    position: int
    digest: str
    name: str
    turned: int


def attach(
    place: Workplace, subject: str, material: str, *, name: str, raw: bytes
) -> PageShown:
    """Put a scan at a material of a draft or case.

    `Problem(ATTACHMENT_NOT_READABLE)` for what is neither picture nor PDF,
    `Problem(ATTACHMENT_TOO_LARGE)` where it cannot be made small enough.
    """
    media_type, content = made_small(name, raw)
    digest = hashlib.sha256(content).hexdigest()
    now = place.hands.now()
    with place.vault.write() as tx:
        pages.keep(tx, digest, media_type, content)
        page = pages.PageRecord(
            subject, material, 0, digest, name[:120], 0, utc_text(now), place.operator
        )
        pages.add(tx, page)
        listing.list_scans(tx, place, subject)
        audit.note(
            tx, "page_attached", f"{subject}/{material}", operator=place.operator,
            now=now,
        )  # fmt: skip
    return _shown(pages_of(place, subject), digest, material)


def _shown(found: tuple[PageShown, ...], digest: str, material: str) -> PageShown:
    return [p for p in found if p.digest == digest and p.material == material][-1]


def pages_of(place: Workplace, subject: str) -> tuple[PageShown, ...]:
    """Return a draft's or case's pages, by material, in order."""
    with place.vault.read() as tx:
        return tuple(
            PageShown(p.material, p.position, p.digest, p.name, p.turned)
            for p in pages.of_subject(tx, subject)
        )


@dataclass(frozen=True, slots=True)
class Look:
    """One sheet of a scan as a PNG; `sheet` counts from 1 to `sheets`."""

    png: bytes
    sheet: int
    sheets: int
    size: tuple[int, int]


def preview(place: Workplace, page: PageShown, *, sheet: int = 1) -> Look:
    """Return a sheet of a page small, turned as it was turned.

    A picture has one sheet; a number beyond the ends of a PDF is taken to the nearest.
    """
    with place.vault.read() as tx:
        found = pages.content(tx, page.digest)
    if found is None:
        raise Problem(Code.ATTACHMENT_NOT_READABLE, file=page.name)
    media_type, content = found
    sheets = 1
    if media_type == "application/pdf":
        with pypdfium2.PdfDocument(content) as document:
            sheets = len(document)
            sheet = max(1, min(sheet, sheets))
            picture = document[sheet - 1].render(scale=1.5).to_pil()
    else:
        sheet, picture = 1, Image.open(BytesIO(content))
    picture = picture.convert("RGB").rotate(-page.turned, expand=True)
    picture.thumbnail((_PREVIEW, _PREVIEW))
    out = BytesIO()
    picture.save(out, "PNG")
    return Look(out.getvalue(), sheet, sheets, picture.size)


def turn(place: Workplace, subject: str, page: PageShown) -> None:
    """Turn a page by a quarter, clockwise; the content stays as scanned."""
    _change(
        place, subject,
        lambda each: replace(each, turned=(each.turned + 90) % 360)
        if _same(each, page) else each,
    )  # fmt: skip


def move(place: Workplace, subject: str, page: PageShown, *, by: int) -> None:
    """Move a page up or down among those of its material."""
    with place.vault.write() as tx:
        every = list(pages.of_subject(tx, subject))
        own = [each for each in every if each.material == page.material]
        others = [each for each in every if each.material != page.material]
        at = next((n for n, each in enumerate(own) if _same(each, page)), None)
        if at is not None and 0 <= at + by < len(own):
            own.insert(at + by, own.pop(at))
            pages.rearrange(tx, subject, (*others, *own))
            listing.list_scans(tx, place, subject)


def take_out(place: Workplace, subject: str, page: PageShown) -> None:
    """Take a page out of a draft; a case's pages stay as they were handed in."""
    with place.vault.write() as tx:
        if cases.get(tx, subject) is not None:
            raise Problem(Code.STEP_NOT_ADMITTED)
        left = tuple(p for p in pages.of_subject(tx, subject) if not _same(p, page))
        pages.rearrange(tx, subject, left)
        pages.drop_unused(tx)


def _same(record: pages.PageRecord, page: PageShown) -> bool:
    return (record.material, record.position) == (page.material, page.position)


def _change(
    place: Workplace,
    subject: str,
    change: Callable[[pages.PageRecord], pages.PageRecord],
) -> None:
    with place.vault.write() as tx:
        pages.rearrange(tx, subject, tuple(map(change, pages.of_subject(tx, subject))))
        listing.list_scans(tx, place, subject)


@dataclass(frozen=True, slots=True)
class Reusable:
    """Pages of the same material in an earlier case of the same applicant."""

    number: str
    material: str
    pages: int
    valid_until: str | None


def reusable(
    place: Workplace, identity: str, material: str, *, today: str
) -> tuple[Reusable, ...]:
    """Return earlier scans of a material that are not known to have expired."""
    with place.vault.read() as tx:
        found, _ = cases.page(
            tx, cases.CaseFilter(identity=identity), limit=20, offset=0
        )
        options = []
        for record in found:
            own = [
                p for p in pages.of_subject(tx, record.number) if p.material == material
            ]
            until = _valid_until(tx, record, material)
            if own and (until is None or until >= today):
                options.append(Reusable(record.number, material, len(own), until))
    return tuple(options)


def _valid_until(
    tx: Transaction, record: cases.CaseRecord, material: str
) -> str | None:
    application = revision_of(tx, record.number, record.revision)
    for each in application.materials:
        if each.key == material:
            return each.valid_until
    return None


def reuse(place: Workplace, subject: str, option: Reusable) -> int:
    """Put an earlier case's pages at the same material here; returns how many."""
    now = place.hands.now()
    with place.vault.write() as tx:
        own = [
            p
            for p in pages.of_subject(tx, option.number)
            if p.material == option.material
        ]
        for page in own:
            pages.add(
                tx,
                replace(
                    page, subject=subject, added_at=utc_text(now),
                    operator=place.operator,
                ),
            )  # fmt: skip
        listing.list_scans(tx, place, subject)
        audit.note(
            tx, "pages_reused", f"{option.number}→{subject}", operator=place.operator,
            now=now,
        )  # fmt: skip
    return len(own)


def share(place: Workplace, subject: str, other: str) -> None:
    """Put a draft's pages at another one, too; content is kept once."""
    with place.vault.write() as tx:
        for page in pages.of_subject(tx, subject):
            pages.add(tx, replace(page, subject=other))
