"""Rung 5 is climbed with rows in place: scans of cases wait, those of drafts do not."""

from pathlib import Path

from desk_app.store import scans
from desk_app.store.vault import Vault
from tests.support.older import KEY, left_on_rung


def test_p10_scans_of_before_are_to_be_sent_once_they_are_listed(
    tmp_path: Path,
) -> None:
    path = tmp_path / "vault.db"
    with left_on_rung(path, 1) as old:
        old.execute(
            "INSERT INTO cases VALUES (1, 'n', 'i', 'a', 'x', '', 't', 'd', 's', 0, 1,"
            " 1, NULL, NULL, '', NULL, NULL, 'o', '{}', 'town', '', '')"
        )
        for digest, subject in (("c", "n"), ("d", "draft")):
            old.execute(
                "INSERT INTO attachments VALUES (?, 'image/png', x'0000')", (digest,)
            )
            old.execute(
                "INSERT INTO pages VALUES (?, 'm', 1, ?, 'f', 0, 't', 'o')",
                (subject, digest),
            )

    vault = Vault(path, KEY)

    with vault.write() as tx:
        assert scans.unlisted_cases(tx) == ("n",)
        assert scans.waiting(tx, limit=9) == ()
        assert scans.backlog(tx) == (1, 2)
        scans.want(tx, "c", size=2, at="2026")
        assert scans.unlisted_cases(tx) == ()
        assert scans.waiting(tx, limit=9) == (scans.ScanWaiting("c", 2),)
        assert scans.of_case(tx, "n") == scans.CaseScans(1, 0, 0)
    vault.close()
