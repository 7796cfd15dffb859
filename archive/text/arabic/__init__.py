"""How Arabic words are analysed."""


def terms(word: str) -> list[tuple[str, bool]]:
    """The terms of a word in normal form, each with whether it only ranks."""
    return [(word, False)]
