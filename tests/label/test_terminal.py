"""Labels shown in the text: the words once, marks under them, nothing that a terminal would act on."""

import os
import re
import sys
from pathlib import Path

import pytest

import allegedly
from allegedly.cli import main
from allegedly.render import terminal as render
from allegedly.schemas.records import Article as _Article
from allegedly.schemas.records import Attribution, Block, Claim, Labels, Origin, Record, Span

HERE = Path(__file__).parent
OURS = "labellers_of_the_tests:of_saids"


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    monkeypatch.syspath_prepend(str(HERE))


def shown(words: str, width: int = 80, **options) -> list[str]:
    (record,) = allegedly.label(text=words, labellers=OURS)
    return list(render.lines(record, width=width, **options))


def test_marks_stand_under_the_words_that_they_mark():
    lines = shown("Harbour closes\n\nThe mayor said it was closed.\n")
    at = lines.index("  The mayor said it was closed.")
    assert lines[at + 1 : at + 3] == [
        "                 c1____________",
        "  a1======= a1~~ a1------------",
    ]
    assert "    c1 claim: check worthy, by a1" in lines
    assert "    a1 attribution to The mayor: indirect" in lines


def test_a_part_in_two_pieces_has_marks_under_both():
    lines = shown("Harbour closes\n\nIt may reopen soon.\n")
    at = lines.index("  It may reopen soon.")
    assert lines[at + 1] == "  .. ^^^ s1..........".replace("^^^", "s1^")


def test_labels_inside_labels_have_lanes_of_their_own():
    words = "She said he said no."
    outer = Attribution(id="a1", source=(Span(0, 3),), cue=(Span(4, 8),), content=(Span(9, 20),))
    inner = Attribution(id="a2", source=(Span(9, 11),), cue=(Span(12, 16),), content=(Span(17, 19),), parent="a1")
    article = _Article(
        id="0" * 16,
        text=words,
        origin=Origin(file_name="x"),
        blocks=(Block(kind="lead", start=0, end=20),),
        sentences=(Span(0, 20),),
    )
    claim = Claim(id="c1", extent=(Span(0, 20),))
    record = Record(article=article, labels=Labels(claims=(claim,), attributions=(outer, inner)))
    lines = list(render.lines(record))
    at = lines.index(f"  {words}")
    assert lines[at + 1 : at + 4] == [
        "  c1__________________",
        "  a1= a1~~ a1---------",
        "           == a2~~ --",
    ]
    assert "speculations not annotated" in lines[1]
    assert any(line.endswith("inside a1") for line in lines)


@pytest.mark.parametrize("width", [24, 40, 80])
def test_every_line_fits_and_every_word_is_there_once(width):
    words = "Harbour closes\n\nThe mayor said it was closed. It may reopen, and nobody knows when that will be.\n"
    lines = shown(words, width)
    assert all(len(line) <= max(width, 24) for line in lines[2:])
    body = " ".join(
        line.strip() for line in lines[2:] if re.match(r"  [A-Za-z]", line) and not re.match(r"  [acs]\d", line)
    )
    for word in ("mayor", "reopen,", "nobody", "when"):
        assert body.count(word) == 1


def test_markup_is_left_out_and_blocks_without_labels_say_what_they_are():
    lines = shown("# Harbour closes\n\nBy [Jane Doe](#)\n\nThe **mayor** himself said it [was](http://a.b) closed.\n")
    assert "  The mayor himself said it was closed." in lines
    assert "  (byline) By Jane Doe" in lines


def test_hostile_characters_are_written_out():
    lines = shown("Title \x1b[31mred\u202e\n\nThe mayor said \x1b]0;x\x07 it\u2066 was closed.\x9b\n")
    text = "\n".join(lines)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert "⟨U+001B⟩" in text and "⟨U+202E⟩" in text
    marked = next(line for line in lines if line.startswith("  The mayor said"))
    under = lines[lines.index(marked) + 2]
    assert under.index("a1~~") == marked.index("said")


def test_wide_letters_take_two_columns():
    lines = shown("Harbour closes\n\n日本 said it was closed.\n")
    at = lines.index("  日本 said it was closed.")
    assert lines[at + 2].startswith("  a1== a1~~ a1---")


def test_colour_only_where_it_is_asked_for():
    plain = shown("Harbour closes\n\nThe mayor said it was closed.\n")
    painted = shown("Harbour closes\n\nThe mayor said it was closed.\n", colour=True)
    assert "\x1b" not in "\n".join(plain)
    assert [re.sub(r"\x1b\[\d*m", "", line) for line in painted] == plain
    assert any(line.startswith("\x1b[36m") for line in painted)


def test_a_pipe_gets_no_colour(capsys):
    assert main(["label", "--example", "--format", "text"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out and out.startswith(render.legend())


@pytest.mark.parametrize(("no_colour", "painted"), [(None, True), ("1", False)])
def test_a_terminal_gets_colour_unless_it_wants_none(no_colour, painted):
    import pty
    import subprocess

    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"} | {"TERM": "xterm"}
    if no_colour:
        environment["NO_COLOR"] = no_colour
    ours, theirs = pty.openpty()
    argv = [sys.executable, "-m", "allegedly", "label", "--example", "--labellers", "none", "--format", "text"]
    with subprocess.Popen(argv, stdout=theirs, env=environment) as process:
        os.close(theirs)
        found = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other side is closed
                break
            if not piece:
                break
            found += piece
    os.close(ours)
    assert process.returncode == 0
    assert (b"\x1b[" in found) == painted
