"""What is wrong with a document's shape, in words: the schema's own are English."""

from pydantic_core import ErrorDetails

from desk_app.text.words import Words


def shape_words(error: ErrorDetails) -> str:
    """Return what a fault means; kinds without words of their own share one."""
    words = Words("desk")
    kind = error["type"]
    for group in ("missing", "extra_forbidden", "json_invalid", "literal_error",
                  "string_pattern_mismatch", "timezone_aware"):  # fmt: skip
        if kind == group:
            return words(f"shape.{group}")
    if kind.startswith(("datetime", "date")):
        return words("shape.datetime")
    if kind.endswith(("_type", "_parsing")):
        return words("shape.type")
    return words("shape.other", kind=kind)


def shape_place(error: ErrorDetails) -> str:
    """Return where in the document a fault is; the whole of it where nowhere else."""
    return "/".join(map(str, error["loc"])) or Words("desk")("shape.whole")
