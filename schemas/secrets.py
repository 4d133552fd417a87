"""Secrets: what is sent in a header or inside an address, masked wherever a message or a report would show it.

Conventions: ``keep`` and ``keep_address`` remember what is sent, for this process; ``masked`` is for messages, ``cleared``
for data that came back, where they stand as words of their own. A value shorter than ``SHORTEST`` characters is no secret.
What is shorter than ``LONG``, or plain words under a name that does not speak of secrets (``x-model: speculative``), is
masked in messages alone: as data it may be an answer. Secrets are found however they are spelt (`allegedly.schemas.spellings`),
and those that are surely some in upper and lower case.
"""

import base64
import re
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from allegedly.schemas.spellings import coded, readings, spelt

MASK = "***"
#: Characters from which a value is masked in messages, and in data.
SHORTEST, LONG = 4, 8
_TELLING = re.compile("auth|cookie|key|token|secret|pass|pwd|credential|session|signature", re.IGNORECASE)
#: A step of a path that is a token rather than a name: letters and digits without a break.
_TOKEN = re.compile(r"(?=\w*\d)(?=\w*[A-Za-z])[\w:]{20,}")

_PLAIN = re.compile(r"[A-Za-z]+(?:[-_ ][A-Za-z]+)*")

_lock = threading.Lock()
#: From a secret to whether it is surely one, and is masked in data too.
_known: dict[str, bool] = {}
_patterns: dict[bool, re.Pattern[str] | None] = {}


def keep(value: str, *, name: str = "", secret: bool = False) -> None:
    """Remember what is sent in a header of this name. ``secret``: it comes from where secrets are kept, whatever the
    header's name."""
    secret = secret or bool(_TELLING.search(name))
    scheme, _, rest = value.partition(" ")
    # of `Bearer TOKEN` the token alone is the secret
    words = [value, *(rest if scheme.isalpha() and rest else value).split()]
    words += [word for sent in words for word in _decoded(sent)]
    for word in words:
        _remember(word, sure=secret or not _PLAIN.fullmatch(word))


def keep_address(address: str) -> None:
    """Remember what an address tells in confidence: user and password, what its query says, tokens in its path."""
    for url in re.findall(r"https?://\S+", address):
        try:
            parts = urlsplit(url)
        except ValueError:
            continue
        user, sign, _ = parts.netloc.rpartition("@")
        if sign:
            name, _, password = user.partition(":")
            _remember(user, sure=True)
            _remember(name, sure=not _PLAIN.fullmatch(name))
            _remember(password, sure=True)
        for pair in re.split("[&;]", parts.query):
            name, equals, value = pair.partition("=")
            keep(value if equals else name, name=name if equals else "")
        for step in parts.path.split("/"):
            if _TOKEN.fullmatch(step):
                for word in (step, *step.split(":")):
                    _remember(word, sure=True)


def masked(text: str) -> str:
    """A message without anything that was sent."""
    return _masked(text, sure=False)


def cleared(value: Any) -> Any:
    """A JSON value without secrets, in place: what came back from where they were sent."""
    if _pattern(sure=True) is None:
        return value
    whole = [value]
    waiting: list[Any] = [whole]
    while waiting:
        node = waiting.pop()
        for key, inner in list(node.items()) if isinstance(node, dict) else enumerate(node):
            if isinstance(inner, str):
                node[key] = _masked(inner, sure=True)
            elif isinstance(inner, dict | list):
                waiting.append(inner)
            if isinstance(key, str) and (shown := _masked(key, sure=True)) != key:
                node[shown] = node.pop(key)
    return whole[0]


def _masked(text: str, *, sure: bool) -> str:
    pattern = _pattern(sure=sure)
    if pattern is None:
        return text
    shown, at = [], 0
    for start, end in sorted(_found(text, pattern)):
        if end > at:
            shown += [text[at:start], MASK] if start >= at else []
            at = end
    return "".join([*shown, text[at:]])


def _found(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Where secrets stand in a text, as it is written and with its escapes undone."""
    if _stands(text):
        yield from (match.span() for match in pattern.finditer(text))
    for reading in readings(text):
        if _stands(reading.text):
            for match in pattern.finditer(reading.text):
                yield reading.starts[match.start()], reading.ends[match.end() - 1]


def _stands(text: str) -> bool:
    """Whether a secret may stand there: much faster than to look where."""
    lower = text.lower()
    with _lock:
        return any(word.lower() in lower for word in _known)


def _pattern(*, sure: bool) -> re.Pattern[str] | None:
    with _lock:
        if sure not in _patterns:
            words = sorted((word for word, certain in _known.items() if certain or not sure), key=len, reverse=True)
            known = "|".join(f"(?i:{re.escape(word)})" if _known[word] else re.escape(word) for word in words)
            # in data a secret stands by itself: a short name inside a longer word is that word
            _patterns[sure] = re.compile(rf"(?<!\w)(?:{known})(?!\w)" if sure else known) if words else None
        return _patterns[sure]


def _remember(word: str, *, sure: bool) -> None:
    forms = spelt(word) | (coded(word) if sure and len(word) >= LONG else set())
    with _lock:
        for form in forms:
            if len(form) >= SHORTEST:
                _known[form] = (sure and len(form) >= LONG) or _known.get(form, False)
        _patterns.clear()


def _decoded(word: str) -> list[str]:
    """User and password of a word that is Basic authorisation."""
    try:
        pair = base64.b64decode(word, validate=True).decode("utf-8")
    except ValueError:
        return []
    user, colon, password = pair.partition(":")
    return [pair, user, password] if colon and pair.isprintable() else []


__all__ = ["MASK", "cleared", "keep", "keep_address", "masked"]
