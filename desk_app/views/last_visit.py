"""Where papers were taken last, so that the next form of a visit is not asked again."""

from dataclasses import dataclass


@dataclass
class LastVisit:
    """Kind, place, the visit's own number, and the bag; until the window closes."""

    kind: str = "counter"
    place: str = ""
    visit_id: str = ""
    bag: str = ""
