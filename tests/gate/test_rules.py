"""The rules that are data: each sign catches what it says it does, and lets pass what it must."""

import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allegedly.builders.gate.look import Look
from allegedly.builders.gate.rules import RULES, _rule, rules
from allegedly.schemas.records import Article, Origin

TABLES = tomllib.loads(RULES.read_text(encoding="utf-8"))["rule"]
SIGNS = [(table, number) for table in TABLES for number in range(len(table["sign"]))]


@pytest.mark.parametrize(("table", "number"), SIGNS, ids=[f"{table['name']}-{number}" for table, number in SIGNS])
def test_each_sign_catches_its_example_and_lets_its_counterexample_pass(table, number):
    sign, rule = table["sign"][number], _rule(table)
    assert rule.signs[number][0].search(sign["catches"]), sign
    assert not rule.pattern.search(sign["passes"]), sign


def test_a_rule_says_why_in_words_that_go_on_from_the_name_of_the_file():
    for rule in rules():
        assert rule.reason.split()[0] in {"is", "only"}, rule.name
        assert rule.name == rule.name.lower() and " " not in rule.name


HINTED = [(table, number) for table, number in SIGNS if "hints" in table["sign"][number]]
#: Letters that a pattern takes for s, k and i in spite of their case.
ODD = "ſKİı"


@pytest.mark.parametrize(("table", "number"), HINTED, ids=[f"{table['name']}-{number}" for table, number in HINTED])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_a_sign_matches_has_one_of_its_hints(table, number, data):
    rule = _rule(table)
    line = data.draw(
        st.from_regex(rule.signs[number][0], alphabet=st.characters(codec="utf-8", exclude_characters=ODD))
    )
    assert rule.searches(line.lower()).found(line)


@pytest.mark.parametrize("rule", [rule for rule in rules() if rule.kind != "signs"], ids=lambda rule: rule.name)
def test_signs_are_found_as_by_their_patterns(rule, root):
    for file in sorted((root / "tests" / "gate" / "texts").rglob("*.txt")):
        text = file.read_text("utf-8")
        look = Look(Article(id="0" * 16, text=text, origin=Origin(file_name="a.txt")))
        searches = rule.searches(look.small)
        for line in (*look.lines, *look.passages, text):
            assert searches.found(line) == bool(rule.pattern.search(line)), line
