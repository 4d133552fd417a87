"""Quotations in texts: exact, with other marks, with slips, many times, hostile."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly.eval.aligned import FIRST_STEPS, STEPS_A_CHARACTER, Steps, Text, extended
from allegedly.eval.placing import Placer


def words(text, quotation, markup=()):
    return [text[start:end] for start, end in Text(text, markup).places(quotation)]


@pytest.mark.parametrize(
    ("text", "quotation", "expected"),
    [
        ("The dam may leak. The mayor may not.", "may", ["may", "may"]),  # never inside "mayor"
        ("Holt said it\n  rained all day.", "said it rained", ["said it\n  rained"]),
        (
            "“The dam — our dam — is safe,” said Holt’s aide.",
            '"The dam - our dam - is safe,"',
            ["“The dam — our dam — is safe,”"],
        ),
        ("Holt’s aide left.", "Holt's aide", ["Holt’s aide"]),
        ("The Dam Is Safe", "the dam is safe", ["The Dam Is Safe"]),
        ("Rovers won … at last", "won ... at last", ["won … at last"]),
        (
            "The mill closed after a flood in spring.",
            "The mill closd after a flood in spring",
            ["The mill closed after a flood in spring"],
        ),
        ("The mill closed after a flood.", "The mill closed after the flood in the town", []),
        ("The fee rose by 12 percent in one year.", "The fee rose by 13 percent in one year", []),  # another number
        ("Nothing here.", "   ", []),
        ("short", "a much longer quotation than the text has", []),
    ],
)
def test_a_quotation_is_found(text, quotation, expected):
    assert words(text, quotation) == expected


@pytest.mark.parametrize(
    ("text", "quotation", "expected"),
    [
        ("市長は「橋は閉鎖された」と述べた。橋は古い。", "橋は閉鎖された", ["橋は閉鎖された"]),
        ("市長は「橋は閉鎖された」と述べた。橋は古い。", "橋は", ["橋は", "橋は"]),
        ("市长表示,大桥将于明年关闭,居民感到担忧。", "大桥将于明年关闭", ["大桥将于明年关闭"]),
        (
            "市长表示,大桥将于明年关闭,居民感到担忧。",
            "大桥将于明年关闭,居民感到担优",
            ["大桥将于明年关闭,居民感到担忧"],
        ),
        ("시장은 다리가 닫혔다고 말했다.", "시장", ["시장"]),
        ("Das Dorf 橋 liegt", "橋", ["橋"]),
    ],
)
def test_scripts_without_spaces_are_placed_by_characters(text, quotation, expected):
    assert words(text, quotation) == expected


def test_markup_is_not_compared():
    text = "The **dam** is [safe](https://dam.example/x), she said."
    markup = [(4, 6), (9, 11), (15, 16), (20, 44)]
    assert words(text, "The dam is safe", markup) == ["The **dam** is [safe"]


def test_an_end_with_a_slip_is_that_of_the_word():
    assert words("The councillors rejected the plan", "councillor rejected the plan") == [
        "councillors rejected the plan"
    ]


@given(st.text("ab c", max_size=20), st.text("ab c", max_size=20), st.integers(0, 4))
def test_edits_are_those_of_the_whole_table(one, other, most):
    """Against Levenshtein's table, free at the end of the text."""
    row = list(range(len(other) + 1))
    rows = [row]
    for number, sign in enumerate(one, 1):
        row = [number]
        for place, against in enumerate(other, 1):
            row.append(min(rows[-1][place] + 1, row[-1] + 1, rows[-1][place - 1] + (sign != against)))
        rows.append(row)
    best = min(rows[-1])
    found = extended(one, other, most, Steps(10**6))
    if best > most:
        assert found is None
    else:
        assert found is not None and found[0] == best and rows[-1][found[1]] == best


@given(st.text(max_size=60), st.text(max_size=15), st.integers(0, 60))
def test_places_lie_in_the_text_and_hold_what_is_sought(text, quotation, at):
    found = Text(text).places(quotation)
    assert found == sorted(found) and all(0 <= start < end <= len(text) for start, end in found)
    own = text[at : at + 8]
    for start, end in Text(text).places(own):
        assert text[start:end].split() or not own.split()


WORDS = ("harbour", "mayor", "council", "bridge", "spring", "closed", "said", "that", "the", "after", "money", "plan")


def long_text(count):
    chance = random.Random(7)
    return " ".join(chance.choice(WORDS) + ("." if n % 11 == 0 else "") + f"{n % 7 or ''}" for n in range(count))


def test_in_a_long_text_a_slip_is_found_by_few_steps():
    text = long_text(30_000)
    place = len(text) // 2
    start = text.index(" ", place) + 1
    quotation = text[start : text.index(" ", start + 150)]
    slipped = quotation.replace("the", "teh", 1) if "the" in quotation else quotation[:60] + quotation[61:]
    found = Text(text)
    assert (start, start + len(quotation)) in found.places(slipped)
    assert found.steps.taken < 2 * len(text)


@pytest.mark.parametrize(
    ("text", "quotations"),
    [
        ("a" * 200_000, ["a" * 5000]),
        ("a" * 200_000, ["a" * 199_999 + "b"]),
        ("a" * 200_000, [("a" * 19 + "b") * 300]),
        ("ab " * 20_000, ["ab ba" * 20 + f" {n}x" for n in range(1000)]),
        ("ab " * 66_000, ["ab"]),
        ("a b " * 6_000, ["a b " * 300 + "c" + str(n) for n in range(50)]),
        ("", ["a" * 10**6]),
    ],
)
def test_work_grows_with_the_text_alone(text, quotations):
    found = Text(text)
    for quotation in quotations:
        found.places(quotation)
    bound = FIRST_STEPS + STEPS_A_CHARACTER * (len(text) + sum(min(len(each), len(text)) for each in quotations))
    # the step that is one too many may be a long one
    assert found.steps.taken <= bound + len(text) + max(map(len, quotations))


def placed(text, *labels):
    placer = Placer(Text(text))
    out = []
    for label in labels:
        places, nowhere = placer.label(label)
        assert not any(nowhere.values())
        out.append({part: [place[0] for place in found] for part, found in places.items()})
    return out


def test_the_order_of_the_answer_decides_between_places():
    text = "The mill closed. The owner left. The mill closed."
    assert placed(text, {"extent": ["The mill closed"]}, {"extent": ["The mill closed"]}) == [
        {"extent": [0]},
        {"extent": [33]},
    ]
    first = {"extent": ["The owner left"]}
    assert placed(text, first, {"extent": ["The mill closed"]})[1] == {"extent": [33]}


def test_parts_stand_near_the_one_that_stands_once():
    text = "She said it rains. Pell came. She said it snows. She said no."
    found = placed(
        text,
        {"source": ["She"], "cue": ["said"], "content": ["it rains"]},
        {"source": ["She"], "cue": ["said"], "content": ["it snows"]},
        {"source": ["She"], "cue": ["said"], "content": ["no"]},
    )
    assert found == [
        {"source": [0], "cue": [4], "content": [9]},
        {"source": [30], "cue": [34], "content": [39]},
        {"source": [49], "cue": [53], "content": [58]},
    ]


def test_two_cues_may_share_a_source():
    text = "Pell said it was late and warned of ice. Later a long report, read by few, named Pell."
    first, second = placed(
        text,
        {"source": ["Pell"], "cue": ["said"], "content": ["it was late"]},
        {"source": ["Pell"], "cue": ["warned"], "content": ["of ice"]},
    )
    assert first["source"] == second["source"] == [0]


def test_pieces_are_apart_and_what_stands_nowhere_is_told():
    placer = Placer(Text("It was late, she said, it was late."))
    places, nowhere = placer.label({"content": ["It was late", "it was late", "it was early"], "cue": ["said"]})
    assert places["content"] == [(0, 11), (23, 34)] and nowhere == {"content": ["it was early"], "cue": []}


def test_a_label_of_very_many_quotations_costs_bounded_work():
    text = Text("ab " * 2000)
    placer = Placer(text)
    for _ in range(50):
        places, nowhere = placer.label({"content": ["ab"] * 5000})
        assert len(places["content"]) + len(nowhere["content"]) == 5000
    assert text.steps.left <= 0 or text.steps.taken < FIRST_STEPS + STEPS_A_CHARACTER * 6100
