"""The rules that are data: each sign catches what it says it does, and lets pass what it must."""

import tomllib

import pytest

from allegedly.builders.gate.rules import RULES, _rule, rules

TABLES = tomllib.loads(RULES.read_text(encoding="utf-8"))["rule"]
SIGNS = [(table, number) for table in TABLES for number in range(len(table["sign"]))]


@pytest.mark.parametrize(("table", "number"), SIGNS, ids=[f"{table['name']}-{number}" for table, number in SIGNS])
def test_each_sign_catches_its_example_and_lets_its_counterexample_pass(table, number):
    sign, rule = table["sign"][number], _rule(table)
    assert rule.signs[number].search(sign["catches"]), sign
    assert not rule.pattern.search(sign["passes"]), sign


def test_a_rule_says_why_in_words_that_go_on_from_the_name_of_the_file():
    for rule in rules():
        assert rule.reason.split()[0] in {"is", "only"}, rule.name
        assert rule.name == rule.name.lower() and " " not in rule.name
