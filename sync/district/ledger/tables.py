"""The ledger's tables, one set for SQLite and PostgreSQL, in two databases.

`sealed`: devices, invitations, sealed batches, receipts, sealed feed messages; all
that intake sees. `record`: what was opened; only reconcile and the console see it.
"""

from typing import Final

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

sealed: Final = MetaData()
record: Final = MetaData()

invitations: Final = Table(
    "invitations",
    sealed,
    Column("digest", Text, primary_key=True),
    Column("secret", Text, nullable=False),
    Column("town", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("used_by", Text),
)
devices: Final = Table(
    "devices",
    sealed,
    Column("device", Text, primary_key=True),
    Column("number", Integer, unique=True),
    Column("state", Text, nullable=False),  # pending, granted, refused, revoked
    Column("town", Text, nullable=False),
    Column("terminal", Text),
    Column("signing_key", Text, nullable=False),
    Column("signing_key_id", Text, nullable=False, unique=True),
    Column("sealing_key", Text, nullable=False),
    Column("desk_name", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("asked_at", Text, nullable=False),
)
packages: Final = Table(
    "packages",
    sealed,
    Column("device", Text, ForeignKey("devices.device"), primary_key=True),
    Column("package", Text, nullable=False),
)
heard: Final = Table(
    "heard",
    sealed,
    Column("device", Text, ForeignKey("devices.device"), primary_key=True),
    Column("at", Text, nullable=False),
)
batches: Final = Table(
    "batches",
    sealed,
    Column("log_position", Integer, primary_key=True, autoincrement=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("device", Text, ForeignKey("devices.device"), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("received_at", Text, nullable=False),
    Column("opened", Integer, nullable=False, server_default="0"),
    UniqueConstraint("device", "epoch", "first"),
)
resealed: Final = Table(
    "resealed",
    sealed,
    Column("digest", Text, primary_key=True),
    Column("log_position", Integer, nullable=False),
    Column("receipt", Text, nullable=False),
)
feed: Final = Table(
    "feed",
    sealed,
    Column("device", Text, ForeignKey("devices.device"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("message", Text, nullable=False),
)
identity: Final = Table(
    "identity",
    sealed,
    Column("incarnation", Text, primary_key=True),
    Column("since", Text, nullable=False),
)
device_keys: Final = Table(
    "device_keys",
    sealed,
    Column("key_id", Text, primary_key=True),  # of the signing key
    Column("device", Text, ForeignKey("devices.device"), nullable=False),
    Column("state", Text, nullable=False),  # next, former
    Column("signing_key", Text, nullable=False),
    Column("sealing_key", Text, nullable=False),
    Column("cut_epoch", Integer),
    Column("cut_sequence", Integer),
    Column("at", Text, nullable=False),
)
keys_requests: Final = Table(
    "keys_requests",
    sealed,
    Column("key_id", Text, primary_key=True),  # of the signing key asked for
    Column("device", Text, ForeignKey("devices.device"), nullable=False),
    Column("state", Text, nullable=False),  # pending, granted, refused
    Column("request", Text, nullable=False),
    Column("package", Text),
    Column("reason", Text, nullable=False, server_default=""),
    Column("asked_at", Text, nullable=False),
)
cut_offs: Final = Table(
    "cut_offs",
    sealed,
    Column("device", Text, ForeignKey("devices.device"), primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
)
contacts: Final = Table(
    "contacts",
    sealed,
    Column("device", Text, ForeignKey("devices.device"), primary_key=True),
    Column("counter", Integer, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("at", Text, nullable=False),
)
greetings: Final = Table(
    "greetings",
    sealed,
    Column("device", Text, ForeignKey("devices.device"), primary_key=True),
    Column("counter", Integer, primary_key=True),
    Column("nonce", Text, primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("cursor", Integer, nullable=False),
    Column("machine", Text),
    Column("at", Text, nullable=False),
)
alarms: Final = Table(
    "alarms",
    sealed,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("device", Text, ForeignKey("devices.device"), nullable=False),
    Column("verdict", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("counter", Integer, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("machine", Text),
    Column("at", Text, nullable=False),
    UniqueConstraint("device", "counter", "nonce"),
)
believed: Final = Table(
    "believed",
    sealed,
    Column("device", Text, ForeignKey("devices.device"), primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("sequence", Integer, nullable=False),
)
uploads: Final = Table(
    "uploads",
    sealed,
    Column("upload", Text, primary_key=True),
    Column("device", Text, ForeignKey("devices.device")),
    Column("digest", Text, nullable=False),
    Column("length", Integer, nullable=False),
    Column("announced_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("state", Text, nullable=False),  # open, kept, refused
    Column("answer", Text, nullable=False),
)
Index("uploads_by_end", uploads.c.expires_at)
Index("uploads_by_device", uploads.c.device, uploads.c.state)
limits: Final = Table(
    "limits",
    sealed,
    Column("name", Text, primary_key=True),
    Column("value", Integer, nullable=False),
)

cases: Final = Table(
    "cases",
    record,
    Column("number", Text, primary_key=True),
    Column("device", Text, nullable=False),
    Column("item_code", Text, nullable=False),
    Column("applicant_name", Text, nullable=False),
    Column("identity", Text, nullable=False),
    Column("received_at", Text, nullable=False),
    Column("filed_at", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("official_number", Text),
    Column("application", Text, nullable=False),
)
Index("cases_by_state", cases.c.state, cases.c.received_at)
entries: Final = Table(
    "entries",
    record,
    Column("device", Text, primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("entry", LargeBinary, nullable=False),
    Column("number", Text),
    Column("problem", Integer),
    Column("reason", Text, nullable=False, server_default=""),
    Column("filed_at", Text, nullable=False),
)
Index("entries_of_case", entries.c.number)
chains: Final = Table(
    "chains",
    record,
    Column("device", Text, primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("chain", Text, nullable=False),
)
answers: Final = Table(
    "answers",
    record,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("number", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("answer", Text, nullable=False),
    Column("answered_at", Text, nullable=False),
    Column("answered_by", Text, nullable=False),
)
outgoing: Final = Table(
    "outgoing",
    record,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("device", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("sent", Integer, nullable=False, server_default="0"),
    Column("answers_key", Text),  # which key signs it; None: the one in force
    UniqueConstraint("device", "position"),
)
successions: Final = Table(
    "successions",
    record,
    Column("edition", Integer, primary_key=True),
    Column("document", Text, nullable=False),
    Column("former", Text, nullable=False),  # the charter that it follows
    Column("made_at", Text, nullable=False),
)
entry_ids: Final = Table(
    "entry_ids",
    record,
    Column("entry_id", Text, primary_key=True),
    Column("device", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
)
epochs: Final = Table(
    "epochs",
    record,
    Column("device", Text, primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("from_epoch", Integer, nullable=False),
    Column("agreed", Integer, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Text, nullable=False),
)
asides: Final = Table(
    "asides",
    record,
    Column("device", Text, primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("act", Text),  # None: a gap, what stood there is not known
    Column("asked_at", Text),
    Column("healed_epoch", Integer),
    Column("healed_sequence", Integer),
    Column("healed_at", Text),
)
Index("asides_by_act", asides.c.act)
feed_floors: Final = Table(
    "feed_floors",
    record,
    Column("device", Text, primary_key=True),
    Column("position", Integer, nullable=False),
)
staff: Final = Table(
    "staff",
    record,
    Column("login", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("passphrase", Text, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("failed_at", Text),
)
audit: Final = Table(
    "audit",
    record,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("subject", Text, nullable=False),
)
entry_days: Final = Table(
    "entry_days",
    record,
    Column("device", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("sequence", Integer, primary_key=True),
)
days_indexed: Final = Table(
    "days_indexed",
    record,
    Column("device", Text, primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("sequence", Integer, nullable=False),
)
# A closing is named by its own place in the desk's journal: (epoch, sequence).
closings: Final = Table(
    "closings",
    record,
    Column("device", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("operator", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("own", Text, nullable=False),
    Column("filed_at", Text, nullable=False),
)
questions: Final = Table(
    "questions",
    record,
    Column("device", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("ranges", Integer, nullable=False),
    Column("asked_at", Text, nullable=False),
)
agreements: Final = Table(
    "agreements",
    record,
    Column("device", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("document", Text, nullable=False),
    Column("agreed_at", Text, nullable=False),
)
findings: Final = Table(
    "findings",
    record,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("device", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("closing", Text, nullable=False),  # "epoch.sequence", or "" for none
    Column("kind", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("number", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("found_at", Text, nullable=False),
    UniqueConstraint("device", "day", "closing", "kind", "epoch", "sequence"),
)
rulings: Final = Table(
    "rulings",
    record,
    Column("finding", Integer, ForeignKey("findings.id"), primary_key=True),
    Column("ruling", Text, nullable=False),
    Column("ruled_by", Text, nullable=False),
    Column("ruled_at", Text, nullable=False),
)
chunks: Final = Table(
    "chunks",
    sealed,
    Column("chunk", Text, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("device", Text, ForeignKey("devices.device"), nullable=False),
    Column("size", Integer, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("received_at", Text, nullable=False),
)
naming: Final = Table(
    "naming",
    record,
    # "" holds the key; a device's row says that it was told.
    Column("device", Text, primary_key=True),
    Column("key", Text, nullable=False),
)
contents: Final = Table(
    "contents",
    record,
    Column("digest", Text, primary_key=True),
    Column("size", Integer, primary_key=True, autoincrement=False),
    Column("piece", Integer, primary_key=True, autoincrement=False),
    Column("media_type", Text, nullable=False),
    Column("checked", Integer, nullable=False, server_default="0"),
    Column("held_at", Text),
)
scans: Final = Table(
    "scans",
    record,
    Column("number", Text, primary_key=True),
    Column("material", Text, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("digest", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("piece", Integer, nullable=False),
    Column("turned", Integer, nullable=False),
)
Index("scans_of_content", scans.c.digest)
publications: Final = Table(
    "publications",
    record,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("device", Text),  # None: every desk
    Column("effective_from", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("published_at", Text, nullable=False),
    Column("published_by", Text, nullable=False),
    UniqueConstraint("kind", "number"),
)
deliveries: Final = Table(
    "deliveries",
    record,
    Column("publication", Integer, ForeignKey("publications.id"), primary_key=True),
    Column("device", Text, primary_key=True),
    Column("position", Integer, nullable=False),
)
responses: Final = Table(
    "responses",
    record,
    Column("device", Text, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("operator", Text, primary_key=True),
    Column("outcome", Text, nullable=False),  # seen, done, unknown, failed
    Column("problem", Integer),
    Column("at", Text, nullable=False),
)
