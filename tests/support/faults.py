"""What a desk's program would write if it were broken."""

from desk_app.services import journalling
from schemas.case import CaseReceived
from tests.support.rigs import Island


def received_again(island: Island, number: str, *, as_number: str) -> None:
    """Put a case into the journal once more, under the same number or another."""
    place = island.desk.place
    view = island.desk.case(number)
    body = CaseReceived.model_validate(
        {
            "number": as_number,
            "received_at": view.row.received_at,
            "application": view.application,
        }
    )
    with place.vault.write() as tx:
        journalling.append(tx, place, body, number=as_number)
