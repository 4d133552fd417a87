"""Secrets: masked in messages wherever they stand, and in data where they stand by themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly.schemas import secrets


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
