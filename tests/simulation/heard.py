"""Which life of the district each desk has heard of: what it can know of a loss.

A district that is put back to a backup begins another life and has lost what came after
it. A desk learns that as it calls, and offers it again; a desk put back to before that
call has forgotten it and learns it anew. Only of what it can know is a desk judged.
"""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Heard:
    """By device: the life that it has heard of, and the one that its copy had."""

    life: int = 0
    known: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)

    def knows(self, device: str) -> bool:
        """Say whether a desk has spoken to the district as it now is."""
        return self.known[device] == self.life

    def spoke(self, device: str) -> None:
        """A desk has spoken to the district."""
        self.known[device] = self.life

    def district_put_back(self) -> None:
        """No desk can know of it yet."""
        self.life += 1

    def copied(self, device: str) -> None:
        """A copy of a desk is made; it knows what the desk knows."""
        self.kept[device] = self.known[device]

    def put_back(self, device: str) -> None:
        """A desk is its copy again."""
        self.known[device] = self.kept[device]

    def torn(self, device: str) -> None:
        """A desk has lost the end of its log: its last call may have been in it."""
        self.known[device] = 0
