"""Where intake listens: the paths of the conversation, version 1."""

from typing import Final

BATCHES: Final = "/v1/batches"
CONTACT: Final = "/v1/contact"
CHUNKS: Final = "/v1/chunks"
UPLOADS: Final = "/v1/uploads"
FEED: Final = "/v1/feed"
CHARTER: Final = "/v1/charter"
ENROLMENTS: Final = "/v1/enrolments"
KEYS_REQUESTS: Final = "/v1/keys-requests"
HEALTH: Final = "/v1/health"
