"""Serve intake: a program of its own, which loads nothing that could open a batch.

Rule: this module imports neither reconcile nor the console, nor the record's tables'
verbs, so the process that faces the network does not even hold the code.
"""

import secrets
import sys
from pathlib import Path
from typing import Annotated, Final

import typer
import uvicorn

from schemas.problems import Code, Problem
from sync.district.boot.serving import serve, utc_now
from sync.district.config.keyring import ReceiptRing
from sync.district.config.places import (
    DistrictPlaces,
    district_places,
    refuse_missing,
)
from sync.district.config.tls import refuse_broken_tls
from sync.district.config.words import problem_words
from sync.district.intake.app import make_intake
from sync.district.intake.keeping import IntakeParts
from sync.district.ledger.sealed import SealedLedger
from sync.seal.selftest import self_test

# Longer than a desk takes to seal a batch between two requests.
_KEEP_ALIVE_S: Final = 60


def intake_parts(home: Path | None) -> tuple[DistrictPlaces, IntakeParts]:
    """Open what intake may see, and nothing else."""
    places = district_places(home)
    ring = ReceiptRing(places)
    ring.current()
    refuse_missing(places.sealed)
    sealed = SealedLedger(places.sealed)
    # A ledger of 0.1 has no name of its own yet.
    sealed.contacts.be_born(secrets.token_hex(16), now=utc_now())
    parts = IntakeParts(
        sealed, ring, utc_now,
        uploads=places.uploads, nonce=lambda: secrets.token_hex(16),
    )  # fmt: skip
    return places, parts


def served_intake(
    places: DistrictPlaces, parts: IntakeParts, *, host: str, port: int
) -> uvicorn.Config:
    """Return how intake is served: TLS, and not a byte more than needed."""
    config = uvicorn.Config(
        make_intake(parts),
        host=host,
        port=port,
        ssl_certfile=places.intake / "server.pem",
        ssl_keyfile=places.intake / "server.key",
        log_level="warning",
        # A line pays for every byte, again after each cut.
        server_header=False,
        date_header=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
    )
    config.load()
    if config.ssl is not None:
        # One ticket is enough to resume by; OpenSSL sends two.
        config.ssl.num_tickets = 1
    return config


def main(
    home: Annotated[Path | None, typer.Option()] = None,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option()] = 8443,
) -> None:
    """Serve until told to stop; exit 1 with a numbered problem, 3 if not set up."""
    try:
        self_test()
        places, parts = intake_parts(home)
        refuse_broken_tls(places)
        config = served_intake(places, parts, host=host, port=port)
        serve(config, f"https://{host}:{port}")
    except Problem as problem:
        title, cause, do = problem_words(problem)
        sys.stderr.write(f"[{int(problem.code)}] {title}\n{cause}\n{do}\n")
        not_set_up = problem.code is Code.DISTRICT_NOT_SET_UP
        raise typer.Exit(3 if not_set_up else 1) from problem


if __name__ == "__main__":
    typer.run(main)
