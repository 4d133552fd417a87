"""Ligatures as letters, in texts that are composed; a text that is kept verbatim keeps them."""

import unicodedata

#: The Latin ligatures of Unicode, U+FB00 to U+FB06, and the letters in them.
LETTERS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}


def in_letters(words: str) -> str:
    """The same words without ligatures."""
    return words if words.isascii() else words.translate(LETTERS)
