"""Secrets: masked in messages wherever they stand and however they are spelt, and in data where they stand by themselves."""

import base64
import json
import random
import tracemalloc
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly.schemas import secrets, spellings


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    monkeypatch.setattr(secrets, "_known", {})
    monkeypatch.setattr(secrets, "_patterns", {})


@given(st.text(min_size=4), st.text(), st.text())
def test_a_value_that_was_sent_stands_in_no_message(value, before, after):
    secrets._known.clear()
    secrets._patterns.clear()
    secrets.keep(value, secret=True)
    assert value not in secrets.masked(before + value + after) or value in secrets.MASK + before + after


@pytest.mark.parametrize(
    ("address", "hidden"),
    [
        ("http://ann:swordfish@host/v1", ["swordfish", "ann:swordfish"]),
        ("m=openai:gpt@https://host/v1?api-key=swordfish&x=1234", ["swordfish", "1234"]),
        ("https://host/bot123456789:AAEswordfishAAE/send", ["AAEswordfishAAE"]),
        ("https://host/?swordfish", ["swordfish"]),
        ("https://host/?k=sword%2Ffish", ["sword%2Ffish", "sword/fish"]),
        ("command:curl https://ann:swordfish@host/", ["swordfish"]),
    ],
)
def test_what_an_address_tells_in_confidence(address, hidden):
    secrets.keep_address(address)
    for word in hidden:
        assert word not in secrets.masked(f"{address} said {word}!")


@pytest.mark.parametrize(
    "address", ["http://localhost:8000/v1/chat/completions", "openai:llama-3.1-70b@https://h/v1", ""]
)
def test_an_address_without_secrets_is_shown(address):
    secrets.keep_address(address)
    assert secrets.masked(address) == address


def test_of_authorisation_the_token_is_the_secret():
    secrets.keep("Bearer sk-12345678", name="authorization")
    secrets.keep("Basic YW5uOnN3b3JkZmlzaC05", name="authorization")
    assert secrets.masked("Bearer sk-12345678, sk-12345678, Bearer") == "***, ***, Bearer"
    assert secrets.masked("YW5uOnN3b3JkZmlzaC05 is ann:swordfish-9") == "*** is ***"


def test_data_loses_secrets_and_nothing_else():
    secrets.keep("sk-12345678", name="x-api-key")
    secrets.keep("speculative", name="x-model")
    secrets.keep("abc1", name="x-api-key")
    value = {"a sk-12345678": ["sk-12345678", {"b": "(sk-12345678)"}], "c": "sk-123456789 speculative abc1", "d": 1}
    assert secrets.cleared(value) == {
        "a ***": ["***", {"b": "(***)"}],
        "c": "sk-123456789 speculative abc1",
        "d": 1,
    }
    assert secrets.cleared("sk-12345678") == "***" and secrets.cleared(None) is None
    assert secrets.masked("sk-123456789 speculative abc1") == "***9 *** ***"


def test_deep_data_is_cleared_too():
    secrets.keep("sk-12345678", secret=True)
    deep: list = ["sk-12345678"]
    for _ in range(50_000):
        deep = [deep]
    node = secrets.cleared(deep)
    while isinstance(node[0], list):
        node = node[0]
    assert node == ["***"]


KEY = "SECRET/kEy.12345+a=='&\\\"b"
SPELT = {
    "JSON": lambda word: json.dumps(word)[1:-1],
    "JSON of PHP": lambda word: json.dumps(word)[1:-1].replace("/", "\\/"),
    "JSON of .NET": lambda word: "".join(c if c.isalnum() else f"\\u{ord(c):04X}" for c in word),
    "JSON, each character": lambda word: "".join(f"\\u{ord(c):04x}" for c in word),
    "JSON in JSON": lambda word: json.dumps(json.dumps({"a": word}))[1:-1].replace("/", "\\/"),
    "Python": lambda word: "".join(f"\\x{ord(c):02x}" for c in word),
    "an address": lambda word: quote(word, safe=""),
    "an address, in small letters": lambda word: quote(word, safe="").replace("%2F", "%2f").replace("%2B", "%2b"),
    "an address in an address": lambda word: quote(quote(word, safe=""), safe=""),
    "an address in JSON": lambda word: json.dumps(quote(word, safe="")).replace("%", "\\u0025"),
    "HTML": lambda word: word.replace("&", "&amp;").replace("'", "&#39;").replace("+", "&#x2B;").replace("/", "&sol;"),
    "capitals": str.upper,
    "small letters": str.lower,
    "capitals in JSON": lambda word: json.dumps(word.upper()).replace("/", "\\/").replace("+", "\\u002b"),
    "hexadecimal": lambda word: word.encode().hex(),
    "base64": lambda word: base64.b64encode(word.encode()).decode(),
    "base64 of addresses": lambda word: base64.urlsafe_b64encode(word.encode()).decode().rstrip("="),
    "base64 in JSON": lambda word: json.dumps(base64.b64encode(word.encode()).decode()).replace("=", "\\u003D"),
}


@pytest.mark.parametrize("how", SPELT)
@pytest.mark.parametrize(
    "key", [KEY, "SECRET/kEy.12345+a==", "sk-live-12345678", "Zm9vYmFy+/9abc", "k\u00e9y/12345678"]
)
def test_a_secret_is_masked_however_it_is_spelt(how, key):
    secrets.keep(key, name="x-key")
    said = SPELT[how](key)
    shown = secrets.masked(f"HTTP 401: <{said}> and ({said})")
    assert said.strip('"').removeprefix('{\\"a\\": ') not in shown and shown.count(secrets.MASK) == 2
    assert shown.startswith("HTTP 401: <") and "> and (" in shown and shown.endswith(")")
    assert secrets.cleared([said]) != [said]


@pytest.mark.parametrize("before", range(4))
def test_a_secret_within_base64_is_masked(before):
    secrets.keep("sk-live-12345678", name="x-key")
    line = base64.b64encode(b"user"[:before] + b"sk-live-12345678" + b":x").decode()
    shown = secrets.masked(f"got {line}")
    assert secrets.MASK in shown and len(shown) < 16


@given(st.text(st.sampled_from("aB1/+;#xu025\u00e9-="), min_size=8, max_size=12), st.randoms())
def test_escapes_of_each_character_by_chance(value, chance: random.Random):
    secrets._known.clear()
    secrets._patterns.clear()
    secrets.keep_address(f"https://h/?key={quote(value, safe='')}")
    ways = [str, "\\u{:04x}", "\\U{:04X}", "&#{};", "&#x{:x};"]
    spelt = "".join(
        c if (way := chance.choice(ways)) is str else way.format(ord(c)).replace("\\U", "\\u") for c in value
    )
    assert secrets.masked(f"<{spelt}>") == f"<{secrets.MASK}>"


@pytest.mark.parametrize(
    "text", ["50% of it \\ and & more", "C:\\new\\u0041", "100%25", "&amp;&lt;", "\\/", "sk-live", "\ud800\\x1b"]
)
def test_what_is_no_secret_keeps_its_escapes(text):
    secrets.keep("sk-live-12345678", name="x-key")
    assert secrets.masked(text) == text
    assert secrets.cleared({text: text}) == {text: text}


def test_a_long_answer_takes_little_memory():
    secrets.keep("sk-live-12345678", name="x-key")
    piece = "\\/" * 1_000_000
    for at in (0, spellings.PIECE - 10, spellings.PIECE - 1, spellings.PIECE):
        text = f"{piece[:at]}sk\\u002dlive-12345678{piece[at:]}"
        tracemalloc.start()
        shown = secrets.masked(text)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert shown == f"{piece[:at]}***{piece[at:]}" and peak < 100 * 2**20
