"""The page with the recovery key, printed once at set-up and locked away."""

from desk_app.printing.paper import LARGE, Rows, Sheet, Signatures, Text, render
from desk_app.text.words import Words


def recovery_pdf(key: str, *, desk_name: str, made_at: str) -> bytes:
    """Return the page; `key` as shown, `made_at` a local time."""
    words = Words("print")
    return render(
        Sheet(
            title=words("recovery.title"),
            number=desk_name,
            blocks=(
                Text(key, LARGE),
                Text(words("recovery.explain")),
                Rows(((words("recovery.made_at"), made_at),)),
                Signatures((words("recovery.kept_by"), words("recovery.kept_on"))),
            ),
            foot=words("recovery.foot"),
            page_of=words("receipt.page"),
        )
    )
