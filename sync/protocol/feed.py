"""The cursor over a desk's feed: gapless, repeats are ignored, gaps are refused."""

from schemas.feed import FeedMessage
from schemas.problems import Code, Problem


def fresh_messages(
    messages: tuple[FeedMessage, ...], *, cursor: int, device: str
) -> tuple[FeedMessage, ...]:
    """Return the messages after `cursor`, in order.

    `Problem(FEED_GAP)` where one is missing, `Problem(MESSAGE_MALFORMED)` where one is
    for another desk: nothing of such a page is used.
    """
    fresh = []
    expected = cursor + 1
    for message in sorted(messages, key=lambda each: each.header.position):
        if message.header.device != device:
            raise Problem(Code.MESSAGE_MALFORMED, detail="device")
        if message.header.position < expected:
            continue
        if message.header.position > expected:
            raise Problem(Code.FEED_GAP)
        fresh.append(message)
        expected += 1
    return tuple(fresh)
