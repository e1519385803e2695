"""Commands for desks that ask for fresh keys: what waits, and a person's decision."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError

from schemas.problems import Code, Problem
from schemas.renewal import KeysRequest
from sync.district.boot.district import District
from sync.district.boot.serving import utc_now
from sync.district.boot.session import (
    Json,
    is_same,
    opened,
    read_text,
    show,
    write_text,
)
from sync.district.config.words import words
from sync.district.intake.fresh_keys import accept_keys_request
from sync.district.ledger.keys_requests import AskedKeys
from sync.district.reconcile.approving import device_fingerprint
from sync.district.reconcile.fresh_keys import approve_keys, asked_fingerprint

if TYPE_CHECKING:
    from pydantic import JsonValue


def named(district: District, what: str) -> str:
    """Return the device that asks; what a request file asks is taken in first."""
    if not Path(what).is_file():
        return what
    text = read_text(Path(what))
    try:
        request = KeysRequest.model_validate_json(text)
    except ValidationError as error:
        raise Problem(Code.FILE_NOT_THIS_KIND) from error
    publics = district.keys.answers_publics()
    accept_keys_request(district.sealed, text, answers=publics, now=utc_now())
    return request.device


def approve_fresh(
    district: District, device: str, *, fingerprint: str | None, out: Path | None
) -> None:
    """Approve the keys that a desk asks to go on by."""
    known = district.sealed.device(device)
    if known is None:
        raise Problem(Code.DEVICE_NOT_FOUND, device=device)
    if known.state == "pending":
        # It is to be taken in, which gives it a terminal.
        raise Problem(Code.TERMINAL_MALFORMED)
    waiting = district.sealed.keys_requests.pending()
    asked = [each for each in waiting if each.device == device]
    chosen = _compared(district, asked, fingerprint)
    package = approve_keys(
        district.sealed, district.record, district.charter, district.keys,
        key_id=chosen.key_id, now=utc_now(),
    )  # fmt: skip
    subject = f"{chosen.device} {chosen.key_id}"
    district.record.note("cli", "fresh_keys_approved", subject, now=utc_now())
    if out is not None:
        write_text(out, package.model_dump_json())


def _compared(
    district: District, asked: list[AskedKeys], fingerprint: str | None
) -> AskedKeys:
    """Return the request whose fingerprint a person confirmed."""
    if not asked:
        raise Problem(Code.FRESH_KEYS_NOT_ASKED)
    table = words("district")
    for each in asked:
        shown = asked_fingerprint(each)
        known = district.sealed.device(each.device)
        if known is not None:
            present = f"{known.desk_name} {device_fingerprint(known)}"
            typer.echo(f"{table['cli.desk']}: {present}", err=True)
        if each.request.standing is not None:
            typer.echo(table["console.fresh_known"], err=True)
        typer.echo(f"{table['cli.fresh']}: {shown}", err=True)
        if is_same(shown, fingerprint):
            return each
    raise Problem(Code.FINGERPRINTS_DIFFER)


def asked(context: typer.Context, as_json: Json = False) -> None:
    """List desks that ask for fresh keys, with the fingerprints to compare."""
    with opened(context) as district:
        found = district.sealed.keys_requests.pending()
        value: list[JsonValue] = [
            {
                "device": each.device,
                "key": each.key_id,
                "fingerprint": asked_fingerprint(each),
                "asked_at": each.asked_at,
            }
            for each in found
        ]
        lines = [f"{e.device}  {e.key_id}\n    {asked_fingerprint(e)}" for e in found]
        show(value, lines or ["-"], as_json=as_json)


def refuse(
    context: typer.Context,
    key: str,
    reason: Annotated[str, typer.Option(help="Shown to the desk.")],
) -> None:
    """Say no to a request for fresh keys."""
    with opened(context) as district:
        district.sealed.keys_requests.refuse(key, reason=reason)
        district.record.note("cli", "fresh_keys_refused", key, now=utc_now())


def add_to(keys_app: typer.Typer) -> None:
    """Put these commands beside those of the district's own keys."""
    keys_app.command("asked")(asked)
    keys_app.command("refuse")(refuse)
