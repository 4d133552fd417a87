"""Endpoints that send what nobody should: each ends in time, within memory, with the cause said."""

import base64
import gzip
import json
import socket
import time
import zlib

import pytest

from allegedly.eval import running
from allegedly.eval.cache import Cache
from allegedly.eval.options import Options, options
from allegedly.eval.system import UNANSWERED, Busy, Dead, Declined, read
from allegedly.eval.systems import _bounded, http, openai
from allegedly.schemas import secrets
from allegedly.schemas.errors import UsageError

from .hostile import NAMES, REQUESTS, TASK, Raw, whole

OUTPUTS = [{"id": name, "label": "certain", "score": 0.5} for name in NAMES]


@pytest.fixture
def raw(monkeypatch):
    """Starts a raw server; answers are read up to a mebibyte."""
    monkeypatch.setattr(_bounded, "LARGEST", 1 << 20)
    started = []

    def start(handle):
        started.append(Raw(handle if callable(handle) else lambda connection, body: connection.sendall(handle)))
        return started[-1]

    yield start
    for server in started:
        server.close()


def asked(server, path="", **given):
    """What one request to a server gives, as an http system takes it."""
    system = http.connect(f"//127.0.0.1:{server.port}/{path}", options({"timeout": 0.6, "retries": 0} | given))
    try:
        return system.answer(TASK, REQUESTS)
    finally:
        system.close()


def forever(piece, first=b"", pause=0.0):
    def handle(connection, body):
        connection.sendall(first)
        until = time.monotonic() + 40
        while time.monotonic() < until:
            connection.sendall(piece)
            time.sleep(pause)

    return handle


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"transfer-encoding: chunked\r\n\r\n"
MANY = whole({"outputs": OUTPUTS}, b"".join(b"x-%d: y\r\n" % n for n in range(500)))
BOMB = gzip.compress(bytes(8 << 20))
ENDLESS = {
    "a byte of the body a moment": (forever(b"x", HEAD + b"content-length: 1000\r\n\r\n", 0.05), "no whole answer"),
    "a byte of the head a moment": (forever(b"x", HEAD + b"x-long: ", 0.05), "no whole answer"),
    "a chunk a moment": (forever(b"1\r\nx\r\n", CHUNKED, 0.05), "no whole answer"),
    "nothing": (forever(b"", b"", 0.05), "no whole answer"),
    "half of the head, then nothing": (forever(b"", HEAD, 0.05), "no whole answer"),
    "one hundred and one hundred": (forever(b"HTTP/1.1 100 Continue\r\n\r\n", b""), "no whole answer|too large"),
    "a body without end": (forever(b"x" * 65536, HEAD + b"\r\n"), "more than 1 MiB|too large"),
    "chunks without end": (forever(b"ffff\r\n" + b"x" * 65535 + b"\r\n", CHUNKED), "more than 1 MiB|too large"),
    "a size of a chunk without end": (forever(b"0" * 65536, CHUNKED), "too large|chunk size"),
    "a header without end": (forever(b"x" * 65536, HEAD + b"x-long: "), "header line"),
    "a size beyond all memory": (forever(b"x", HEAD + b"content-length: 999999999999\r\n\r\n", 0.05), "than 1 MiB"),
    "a chunk beyond all memory": (forever(b"x", CHUNKED + b"ffffffffffff\r\n", 0.05), "no whole answer"),
}


@pytest.mark.parametrize("case", ENDLESS)
def test_what_has_no_end_is_ended(raw, case):
    handle, message = ENDLESS[case]
    server, began = raw(handle), time.monotonic()
    with pytest.raises(Declined, match=message):
        asked(server)
    assert time.monotonic() - began < 20  # 0.6 seconds, on a machine that serves others


BROKEN = {
    "too many headers": (MANY, Declined, "got more than 100 headers"),
    "a bomb": (whole(BOMB, b"content-encoding: gzip\r\n"), Declined, "more than 1 MiB"),
    "a bomb in a bomb": (whole(gzip.compress(BOMB), b"content-encoding: gzip, gzip\r\n"), Declined, "not asked for"),
    "no gzip": (whole(b"{}", b"content-encoding: gzip\r\n"), Declined, "broken gzip"),
    "half a gzip": (whole(gzip.compress(b"{}" * 999)[:20], b"content-encoding: gzip\r\n"), Declined, "broken gzip"),
    "an unknown encoding": (whole(b"{}", b"content-encoding: br\r\n"), Declined, "'br', which was not asked for"),
    "NaN": (whole(b'{"outputs": [NaN]}'), Declined, "NaN is no JSON"),
    "Infinity": (whole(b'{"outputs": [{"label": "certain", "score": Infinity}]}'), Declined, "Infinity is no JSON"),
    "a key twice": (whole(b'{"outputs": [], "outputs": []}'), Declined, 'the key "outputs" stands twice'),
    "half a character": (whole(b'{"outputs": ["\\ud800"]}'), Declined, "half a character"),
    "nesting": (whole(b"[" * 100_000), Declined, "nested too deeply"),
    "a number of 10,000 digits": (whole(b'{"outputs": [1%s]}' % (b"0" * 9999)), Declined, "Exceeds the limit"),
    "a page": (whole(b"<html>Sign in</html>", b"content-type: text/html\r\n"), Declined, "no JSON .*: '<html>"),
    "no bytes": (whole(b""), Declined, "Expecting value"),
    "no JSON object": (whole([]), Declined, "nothing at /outputs"),
    "no list": (whole({"outputs": {"a": 1}}), Declined, "found dict, expected a list"),
    "no content": (whole(b"", status=b"204 No Content"), Dead, "HTTP 204"),
    "no status": (b"HTTP/1.1 abc\r\n\r\n", Declined, "BadStatusLine|ProtocolError"),
    "no HTTP": (b"220 mail.example ESMTP\r\n", Declined, "BadStatusLine|ProtocolError"),
    "cut": (whole({"outputs": OUTPUTS}, b"content-length: 99999\r\n"), Declined, "IncompleteRead|no whole answer"),
    "a number as id": (whole({"outputs": [{"id": 7, "label": "certain"}] * 4}), UsageError, "an answer for 7, which"),
    "a list as id": (
        whole({"outputs": [{"id": [], "label": "certain"}] * 4}),
        UsageError,
        r"an answer for \[\], which",
    ),
    "a stranger": (whole({"outputs": [*OUTPUTS[1:], {"id": "x:0", "label": "certain"}]}), UsageError, '"x:0", which'),
    "a double": (whole({"outputs": [*OUTPUTS, OUTPUTS[0]]}), UsageError, f"two answers for '{NAMES[0]}'"),
    "a gap": (whole({"outputs": OUTPUTS[1:]}), UsageError, f"no answer for {NAMES[0]}; expected"),
    "an id on some": (whole({"outputs": [*OUTPUTS[1:], {"label": "certain"}]}), UsageError, "carries no id though"),
    "a refusal of this item": (whole(b"too long", status=b"400 Bad Request"), Declined, "HTTP 400: too long"),
    "a closed door": (whole(b"no such key", status=b"403 Forbidden"), Dead, "HTTP 403: no such key"),
    "busy": (whole(b"later", b"retry-after: nan\r\n", b"429 Too Many Requests"), Busy, "HTTP 429: later"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_broken_is_named(raw, case):
    sent, kind, message = BROKEN[case]
    with pytest.raises(kind, match=message) as caught:
        asked(raw(sent))
    assert kind is not Busy or not isinstance(caught.value, Declined)


@pytest.mark.parametrize(
    "sent",
    [
        whole({"outputs": OUTPUTS[::-1]}),
        whole({"outputs": OUTPUTS}, b"content-type: text/html\r\n"),
        whole(gzip.compress(json.dumps({"outputs": OUTPUTS}).encode()), b"content-encoding: gzip\r\n"),
        whole(zlib.compress(json.dumps({"outputs": OUTPUTS}).encode()), b"content-encoding: deflate\r\n"),
        whole(b"\xef\xbb\xbf" + json.dumps({"outputs": OUTPUTS}).encode()),
        whole({"outputs": OUTPUTS}, b"content-length: -5\r\n"),
    ],
    ids=["another order", "another type", "gzip", "deflate", "a byte order mark", "a size below nothing"],
)
def test_what_is_odd_is_read(raw, sent):
    assert asked(raw(sent)) == [{"label": "certain", "score": 0.5}] * 4


def test_a_half_closed_socket(raw):
    def handle(connection, body):
        connection.shutdown(socket.SHUT_WR)
        time.sleep(2)

    with pytest.raises(Declined, match=r"RemoteDisconnected|ProtocolError"):
        asked(raw(handle))


def test_an_answer_that_was_left_unread_begins_no_other(raw):
    """Two answers on one connection: the second must not be taken for that to the next request."""
    late = whole({"outputs": [{"label": "speculative"}] * 4})
    server = raw(whole({"outputs": [{"label": "certain"}] * 4}) + late)
    system = http.connect(f"//127.0.0.1:{server.port}/", Options(timeout=2))
    for _ in range(3):
        assert system.answer(TASK, REQUESTS) == [{"label": "certain"}] * 4
    system.close()


def test_a_redirect_is_not_followed(raw):
    other = raw(whole({"outputs": OUTPUTS}))
    for status in (b"301 Moved", b"302 Found", b"307 Temporary Redirect", b"308 Permanent Redirect"):
        to = b"location: http://127.0.0.1:%d/?key=swordfish-9\r\n" % other.port
        with pytest.raises(Dead, match=r"redirects are not followed") as caught:
            asked(raw(whole(b"", to, status)), headers={"authorization": "Bearer swordfish-9"})
        assert "swordfish" not in str(caught.value)
    with pytest.raises(Dead, match="file:///etc"):
        asked(raw(whole(b"", b"location: file:///etc/passwd\r\n", b"302 Found")))
    assert not other.bodies


@pytest.mark.parametrize(
    ("address", "given", "message"),
    [
        ("//", {}, "is no address"),
        ("//[::1", {}, "is no address"),
        ("//h:99999/", {}, "is no address"),
        ("//localhost/", {"headers": {"x-key": "a\r\nhost: b"}}, "line end"),
        ("//localhost/", {"headers": {"x key": "a"}}, "line end or a mark"),
        ("//localhost/", {"headers": {"x-key": "naïve ☃"}}, "no header can hold"),
        ("//localhost/", {"headers": {"x-key": "$NOT_SET_ANYWHERE"}}, "NOT_SET_ANYWHERE is not set"),
    ],
)
def test_what_cannot_be_sent_is_refused_at_once(address, given, message):
    with pytest.raises(UsageError, match=message) as caught:
        http.connect(address, options(given))
    assert "host: b" not in str(caught.value)


def test_a_dead_port_is_busy_not_declined():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    system = http.connect(f"//127.0.0.1:{port}/", Options(timeout=1))
    with pytest.raises(Busy, match="refused") as caught:
        system.answer(TASK, REQUESTS)
    assert not isinstance(caught.value, Declined)


SECRET = "sk-Live/73a+9f\\2"


@pytest.mark.parametrize(
    "echo",
    [
        lambda: whole(f"bad key {SECRET}".encode(), status=b"401 Unauthorized"),
        lambda: whole(b"x" * 195 + SECRET.encode(), status=b"500 Oh"),
        lambda: whole({"error": {"headers": {"authorization": f"Bearer {SECRET}"}}}),
        lambda: whole(b"not JSON: " + SECRET.encode()),
        lambda: whole(b"", f"location: /login?next={SECRET}\r\n".encode(), b"302 Found"),
        lambda: whole({"outputs": [SECRET] * 4}),
        lambda: whole({"outputs": [{"label": f"key {SECRET}."}] * 4}),
        lambda: whole({"outputs": [{"id": SECRET, "label": "certain"}] * 4}),
        lambda: whole({"outputs": [{SECRET: 0.5}] * 4}),
        lambda: f"HTTP/1.1 200 {SECRET}\r\nx: {SECRET}\r\n".encode(),
        lambda: f"{SECRET}\r\n".encode(),
    ],
)
def test_no_message_shows_what_was_sent(raw, monkeypatch, echo):
    """An endpoint that sends headers and address back, wherever it puts them."""
    monkeypatch.setenv("OUR_KEY", SECRET)
    monkeypatch.setattr(secrets, "_known", {})
    monkeypatch.setattr(secrets, "_patterns", {})
    server = raw(echo())
    given = options({"timeout": 0.6, "headers": {"authorization": "Bearer x", "x-api-key": "$OUR_KEY"}})
    system = http.connect(f"//ann:{base64.b64encode(SECRET.encode()).decode()}@127.0.0.1:{server.port}/", given)
    with pytest.raises((UsageError, Busy)) as caught:
        answers = system.answer(TASK, REQUESTS)
        for request, answer in zip(REQUESTS, answers, strict=True):
            read(TASK, request, answer, given, ("certain", "speculative"), "speculative")
    system.close()
    assert SECRET.encode() in server.heads[0] and b"authorization: Bearer x" in server.heads[0]
    shown = f"{caught.value} {caught.value!r}"
    assert SECRET not in shown and SECRET.replace("\\", "\\\\") not in shown
    assert base64.b64encode(SECRET.encode()).decode() not in shown and "sk-Live" not in shown


def test_tokens_of_tries_that_failed_count_and_no_usage_is_none(server):
    def answer(number, value):
        usage = [
            {"prompt_tokens": 100, "completion_tokens": 10},
            {"prompt_tokens": -(10**9)},
            None,
            {"prompt_tokens": "9"},
        ]
        content = "I would rather not." if number < 4 else json.dumps({"label": "certain", "probability": 0.5})
        reply = {"choices": [{"message": {"content": content}}], "usage": usage[(number - 1) % 4]}
        return 200, {}, json.dumps(reply).encode()

    def run(budget, **given):
        chosen = options({"retries": 3, "prices": {"input": 1.0}} | given)
        system = openai.connect(f"m@http://127.0.0.1:{server(answer).server_port}/v1", chosen)
        with Cache(None) as cache:
            return running.ask(system, TASK, REQUESTS[:1], spec="m", options=chosen, cache=cache, budget=budget)

    budget = running.Budget()
    running_waits, running.FIRST_WAIT = running.FIRST_WAIT, 0.0
    try:
        assert run(budget) == [{"label": "certain", "score": 0.5}]
        assert budget.tokens == {"input": 100, "output": 10}  # of the first try alone: the others told none that can be
        with pytest.raises(Dead, match="without its usage, so --max-cost cannot be kept"):
            run(running.Budget(max_cost=5.0))
        with pytest.raises(running.Spent, match=r"stopped at --max-cost 0\.0001, having spent 0\.0001"):
            run(running.Budget(max_cost=0.0001))
    finally:
        running.FIRST_WAIT = running_waits


@pytest.mark.parametrize("budget", [{"max_cost": float("nan")}, {"max_cost": -1.0}, {"max_requests": -1}])
def test_a_budget_that_would_never_bite_is_refused(budget):
    with pytest.raises(UsageError, match="expected a number from 0 on"):
        running.Budget(**budget)


@pytest.mark.parametrize("poison", [0, 2, 3])
def test_one_item_that_breaks_its_batch_costs_no_other_its_answer(server, poison, monkeypatch):
    monkeypatch.setattr(running, "FIRST_WAIT", 0.0)

    def answer(number, value):
        if any(item["id"] == NAMES[poison] for item in value["inputs"]):
            return 500, {}, b"out of memory"
        return 200, {}, json.dumps({"outputs": [{"label": "certain"} for _ in value["inputs"]]}).encode()

    told = []
    chosen = Options(retries=1)
    system = http.connect(f"//127.0.0.1:{server(answer).server_port}/", chosen)
    with Cache(None) as cache:
        answers = running.ask(system, TASK, REQUESTS, spec="m", options=chosen, cache=cache, say=told.append)
    assert [answer is UNANSWERED for answer in answers] == [number == poison for number in range(4)]
    (line,) = told
    assert line.startswith(f"{TASK}: 1 item has no answer, counted as an abstention: {NAMES[poison]}: http://127")
    assert line.endswith("HTTP 500: out of memory")
    system.close()


def test_a_system_that_refuses_everything_is_dead(server, monkeypatch):
    monkeypatch.setattr(running, "FIRST_WAIT", 0.0)
    started = server(lambda number, value: (400, {}, b"unknown field max_tokens"))
    many = [{**REQUESTS[0], "id": f"{n:016x}:0"} for n in range(100)]
    chosen = Options(retries=5)
    system = openai.connect(f"m@http://127.0.0.1:{started.server_port}/v1", chosen)
    with Cache(None) as cache, pytest.raises(Dead, match=r"HTTP 400: unknown field.*20 items in a row have no answer"):
        running.ask(system, TASK, many, spec="m", options=chosen, cache=cache)
    assert len(started.seen) == running.LONGEST_ROW  # what is refused is not asked again
    system.close()
