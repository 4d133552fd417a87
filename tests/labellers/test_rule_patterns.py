"""The rules as data: the two examples of each, what a malformed row is told, and laws of the matcher."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steps import steps

from allegedly.builders.labellers import _files as files
from allegedly.builders.labellers import _rulebook as rulebook
from allegedly.builders.labellers import _signs as signs
from allegedly.builders.labellers import _speculation as speculation
from allegedly.builders.labellers._attribution import Finder
from allegedly.builders.labellers._claims import Statements
from allegedly.builders.labellers._classes import LETTERS, UNIONS, letters, tables
from allegedly.builders.labellers._cues import lexicon
from allegedly.builders.labellers._lists import families, lists, named
from allegedly.builders.labellers._lists import words as listed
from allegedly.builders.labellers._nesting import nested
from allegedly.builders.labellers._notation import One, PatternError, Repeat, nodes, read
from allegedly.builders.labellers._patterns import Alphabet, Pattern
from allegedly.builders.labellers._tokens import Tokens
from allegedly.builders.text.articles import article
from allegedly.cli import main
from allegedly.schemas.errors import UsageError
from allegedly.schemas.records import Article, Block, Origin


def made(text: str) -> Article:
    """An article of one block a line."""
    blocks = tuple(Block(kind="paragraph", start=m.start(), end=m.end()) for m in re.finditer(r"\S[^\n]*", text))
    return article(text, Origin(file_name="x.txt"), blocks=blocks, language="en")


def words(tokens: Tokens, ranges) -> str:
    return " + ".join(tokens.text[tokens.starts[first] : tokens.ends[last]] for first, last in ranges)


ROWS = [row for file, tables in rulebook.FILES.items() for table in tables for row in rulebook.table(file, table)]
ONES = [
    node
    for row in ROWS
    for trees in row.trees.values()
    for tree in trees
    for node in nodes(tree)
    if isinstance(node, One)
]
#: The classes and lists that patterns and fields of rules name.
NAMED = {name for one in ONES for name in (*one.names, *one.without, *one.within)} | {
    row.fields[field][1:-1] for row in ROWS for field in ("lemmas", "words") if field in row.fields
}


# -- the examples of each row -----------------------------------------------------------------------------------------


def rows(file: str, table: str):
    return [pytest.param(rule, id=rule.row.name) for rule in rulebook.rules(file, table)]


def searches(file: str, table: str):
    return [pytest.param(rule, id=rule.row.name) for rule in rulebook.searches(file, table)]


def doubts(text: str):
    tokens = Tokens(made(text))
    return tokens, speculation.Doubts(tokens).find()


@pytest.mark.parametrize("rule", rows("rules_speculations.toml", "rule"))
def test_a_rule_of_speculation_matches_its_example_and_not_its_counter(rule):
    example = rule.row.fields["example"]
    tokens, found = doubts(example["text"])
    by_it = [item for item in found if item.rule == rule.row.name]
    assert [words(tokens, item.cue) for item in by_it] == [example["cue"]], [item.rule for item in found]
    if "scope" in example:
        assert words(tokens, by_it[0].scope) == example["scope"]
    assert rule.row.name not in {item.rule for item in doubts(rule.row.fields["counter"])[1]}


@pytest.mark.parametrize("rule", rows("rules_speculations.toml", "scope"))
def test_a_scope_matches_its_example_and_not_its_counter(rule):
    example, counter = rule.row.fields["example"], rule.row.fields["counter"]
    tokens = Tokens(made(example["text"]))
    finder = speculation.Doubts(tokens)
    if rule.row.fields.get("given"):
        at = tokens.words.index(example["cue"])
        assert words(tokens, finder.scope((at, at)) or ()) == example["scope"]
        assert example["cue"] not in Tokens(made(counter)).words
        return
    (item,) = [item for item in finder.find() if item.scope_rule == rule.row.name]
    assert words(tokens, item.cue) == example["cue"]
    assert words(tokens, item.scope) == example.get("scope", words(tokens, item.scope))
    assert rule.row.name not in {item.scope_rule for item in doubts(counter)[1]}


def finder(text: str):
    tokens = Tokens(made(text))
    return tokens, Finder(tokens)


def forbidden(text: str, name: str) -> list[str]:
    """The words that a rule keeps from being cues."""
    tokens, found = finder(text)
    places = [(token, first, last) for first, last in tokens.sentences for token in range(first, last)]
    return [tokens.words[token] for token, first, last in places if name in found.rows.forbidding(token, first, last)]


@pytest.mark.parametrize("rule", rows("rules_attributions.toml", "not-a-cue"))
def test_what_keeps_a_verb_from_being_a_cue_does_so_in_its_example_and_not_in_its_counter(rule):
    example = rule.row.fields["example"]
    assert forbidden(example["text"], rule.row.name) == [example["word"]]
    assert forbidden(rule.row.fields["counter"], rule.row.name) == []


@pytest.mark.parametrize(
    "rule", [each for table in ("passive", "noun", "phrase") for each in rows("rules_attributions.toml", table)]
)
def test_a_rule_of_attribution_matches_its_example_and_not_its_counter(rule):
    example = rule.row.fields["example"]
    tokens, found = finder(example["text"])
    (item,) = [item for item in found.find() if item.rule == rule.row.name]
    source = words(tokens, [item.source] if item.source else [])
    assert (source, words(tokens, [item.cue]), words(tokens, item.content)) == tuple(
        example[part] for part in ("source", "cue", "content")
    )
    _, other = finder(rule.row.fields["counter"])
    assert rule.row.name not in {item.rule for item in other.find()}


def claims(text: str):
    tokens = Tokens(made(text))
    sayings = nested(Finder(tokens).find(), tokens)
    return tokens, Statements(tokens, sayings, speculation.Doubts(tokens).find()).find()


@pytest.mark.parametrize("rule", searches("rules_claims.toml", "rule"))
def test_a_rule_of_claims_matches_its_example_and_not_its_counter(rule):
    example = rule.row.fields["example"]
    tokens, found = claims(example["text"])
    by_it = [(words(tokens, item.extent), item.kind) for item in found if item.rule == rule.row.name]
    assert by_it == [(example["extent"], rule.row.fields["kind"])], [(item.rule, item.kind) for item in found]
    others = claims(rule.row.fields["counter"])[1]
    assert others and rule.row.name not in {item.rule for item in others}


@pytest.mark.parametrize("file", sorted(rulebook.FILES))
def test_names_of_rules_are_given_once(file):
    for table in rulebook.FILES[file]:
        names = [row.name for row in rulebook.table(file, table)]
        assert names and len(names) == len(set(names))


LABELLERS = Path(rulebook.__file__).parent


@pytest.mark.parametrize("name", sorted(tomllib.loads((LABELLERS / "rules_words.toml").read_text("utf-8"))))
def test_every_list_of_words_is_used_by_a_rule_or_a_function(name):
    code = "".join(path.read_text("utf-8") for path in LABELLERS.glob("_*.py"))
    assert f'"{name}"' in code or name in NAMED
    assert name not in LETTERS and name not in UNIONS


def test_code_and_rules_name_classes_that_are_there():
    assert letters("noun past comma") == "nv,"
    with pytest.raises(UsageError, match=r"^rules_classes\.toml: has no class 'nuon', which the labeller looks up"):
        letters("noun nuon")
    with pytest.raises(UsageError, match=r"^rules_words\.toml: has no list 'dayz', which the labeller looks up"):
        listed("dayz")


# -- what a malformed row is told -------------------------------------------------------------------------------------

GOOD = 'example = { text = "x" }\ncounter = "y"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[rule]]\nname = ", r"^f\.toml: .*expected TOML$"),
        ("[[rule]]\npattern = 'x'", r"^f\.toml, rule number 1: has no name; give it one that says what it is about$"),
        (
            f"[[rule]]\nname = 'a'\npatern = 'x'\n{GOOD}",
            r"^f.toml, rule 'a', patern: is no field; did you mean 'pattern'\? There are counter, .*pattern, unless$",
        ),
        (
            "[[rule]]\nname = 'a'\nexample = { text = 'x' }",
            "^f.toml, rule 'a', counter: is missing; a rule has an example",
        ),
        ("[[rule]]\nname = 'a'\ncounter = 'x'", "^f.toml, rule 'a', example: is missing"),
        (
            f"[[rule]]\nname = 'a'\npattern = '(cue: said'\n{GOOD}",
            r"^f\.toml, rule 'a', pattern: '\(cue: said', column 1: this bracket is not closed, expected a \"\)\"$",
        ),
    ],
)
def test_a_malformed_row_is_told_file_row_field_and_what_was_expected(text, message):
    with pytest.raises(UsageError, match=message):
        rulebook.rows("f.toml", text, {"rule": ()})


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("", "^column 1: expected an element"),
        ("(cue: said) )", '^column 13: a "\\)" that closes nothing$'),
        ("said {2,4}{1,2}", "^column 11: expected an element before a repeat$"),
        ("<noun>{4,2}", "^column 7: a repeat goes from a number to one that is no less, 220 at most$"),
        ("<noun>{0,900}", "^column 7: a repeat goes"),
        ("(<noun>{0,4} said){0,4}", "^column 19: a repeat inside a repeat"),
        ("<>", "^column 1: expected names of classes or word lists between < and >$"),
        ("[]", "^column 1: expected words between"),
        ("said [say says", r'^column 6: this bracket is not closed, expected a "\]"$'),
        ("<noun", '^column 1: this bracket is not closed, expected a ">"$'),
        ("(cue: Said)", "^column 7: 'Said' can match nothing, words are in lower case; write 'said'$"),
        ("[says Said]", "^column 1: 'Said' can match nothing"),
        ("said ~", "^column 6: expected a word, .*found '~'$"),
        (".{0,9}? a .{0,9}? b", r"^column 1: a row may have one repeat of the kind \{m,n\}\? only"),
        (".{0,9}? (a .{0,9}?)? b", r"^column 1: a row may have one repeat of the kind \{m,n\}\? only"),
        ("(a |", "^column 5: expected an element"),
    ],
)
def test_a_pattern_that_is_none_says_where_and_what_was_expected(pattern, message):
    with pytest.raises(PatternError, match=message):
        read(pattern)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("said that", r"^column 1: expected one cue, \(cue: \.\.\.\) or _"),
        ("(cue: a) (cue: b)", "^column 1: expected one cue"),
        ("(cue: a?)", "^column 1: the cue may be empty$"),
        ("((cue: a) | b)", "^column 1: expected one cue"),
        ("(cue: said) <nuon>", r"^column 13: no class or word list 'nuon'; did you mean 'noun'\?$"),
        ("(cue: said) <zzzz>", "^column 13: no class or word list 'zzzz'; there are .*noun"),
        ("(cue: <noun &name>)", "^column 7: no token can be all of this$"),
    ],
)
def test_a_pattern_without_its_cue_or_with_unknown_names_is_refused(pattern, message):
    tree = read(pattern)
    with pytest.raises(PatternError, match=message):
        Pattern(tree, Alphabet({}, [tree]))


RULE = f"[[rule]]\nname = 'a'\npattern = '(cue: [look looks])'\nfamily = 'fixed'\n{GOOD}"
SCOPE = f"[[scope]]\nname = 'b'\nof = 'fixed'\nreach = 'clause'\n{GOOD}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"has no rules in the table 'rule'; expected \[\[rule\]\] at least once$"),
        (RULE, r"has no rules in the table 'scope'; expected \[\[scope\]\]"),
        (
            RULE + SCOPE.replace("[[scope", "[[scop"),
            "the table 'scop' is none; did you mean 'scope'\\? There are certainty",
        ),
        (SCOPE + RULE.replace("[[rule]]", "[rule]"), "rule: found {.*, expected a list$"),
        (RULE + RULE + SCOPE, "rule 'a', name: two rules of the table have it; give each a name of its own$"),
        (
            RULE + "certainty = 'likely'\n" + SCOPE,
            "rule 'a', certainty: found 'likely', expected one of certain, probable, ",
        ),
        (RULE + "kind = 'epistemc'\n" + SCOPE, "rule 'a', kind: found 'epistemc', .*; did you mean 'epistemic'"),
        (RULE + "kind = 3\n" + SCOPE, "rule 'a', kind: found 3, expected a text$"),
        (RULE.replace("family = 'fixed'", "") + SCOPE, "rule 'a', family: is missing; every rule has it$"),
        (
            RULE.replace("'(cue: [look looks])'", "3") + SCOPE,
            "rule 'a', pattern: found 3, expected a pattern as a text, or a ",
        ),
        (RULE.replace("'(cue: [look looks])'", "[3]") + SCOPE, r"rule 'a', pattern: found \[3\], expected a pattern"),
        (RULE + "frames = 't zz'\n" + SCOPE, "rule 'a', frames: 'zz' is no frame; there are t i w"),
        (RULE + SCOPE + "given = 'yes'\n", "scope 'b', given: found 'yes', expected true or false$"),
    ],
)
def test_a_file_of_speculations_that_is_wrong_is_told_where_and_what_was_expected(text, message):
    file = "rules_speculations.toml"
    with pytest.raises(UsageError, match=f"^{re.escape(file)}(, |: ){message}"):
        rulebook.rows(file, text, rulebook.FILES[file])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[family.a]\nkind = 'epistemic'\ncertainty = 'likely'", "certainty: found 'likely', expected one of certain"),
        ("[family.a]\nkind = 'epistemic'", "certainty: is missing; expected a text$"),
        ("[family.a]\nkinds = 'epistemic'", "kinds: is no field; did you mean 'kind'\\? There are certainty, "),
        (
            "[family.a]\nkind = 'epistemic'\ncertainty = 'possible'\nwords = 'may Might'",
            "words: 'Might' fits no word, as they are looked up in lower case; write 'might'$",
        ),
    ],
)
def test_a_family_that_is_wrong_is_told_where_and_what_was_expected(text, message):
    with pytest.raises(UsageError, match=f"^f.toml, family 'a', {message}"):
        families("f.toml", tomllib.loads(text))


def test_a_family_or_function_that_is_none_is_told_with_the_nearest():
    (row,) = rulebook.rows("f.toml", RULE.replace("'fixed'", "'modal'"), {"rule": ["family"]})
    with pytest.raises(
        UsageError, match=r"^f\.toml, rule 'a', family: 'modal' is none; did you mean 'modals'\? There are"
    ):
        row.one_of("family", ["modals", "fixed"])


CLASSES = tomllib.loads((LABELLERS / "rules_classes.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"foo": 3}, ", foo: is no field; there are class, endings, unions$"),
        ({"unions": 3}, ", unions: found 3, expected a table$"),
        ({"class": {"noun": 3}}, ", class 'noun': found 3, expected a table$"),
        ({"class": {"noun": {"what": "x"}}}, ", class 'noun', letter: is missing; expected a text$"),
        ({"class": {"noun": {"letter": "nn"}}}, ", class 'noun', letter: found 'nn', expected one letter$"),
        ({"class": {"a": {"letter": "n"}, "b": {"letter": "n"}}}, ", class 'b', letter: 'n' is the letter of 'a'; "),
        ({"unions": {"finite": "modal pst"}}, ", unions, finite: 'pst' is none; did you mean 'past'"),
    ],
)
def test_a_file_of_classes_that_is_wrong_is_told_where_and_what_was_expected(more, message):
    with pytest.raises(UsageError, match=f"^f.toml{message}"):
        tables("f.toml", {**CLASSES, **more})


SIGNS = tomllib.loads((LABELLERS / "rules_signs.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"foo": 3}, ", foo: is no field; there are weights, words$"),
        ({"words": {"time": 3}}, ", words, time: found 3, expected a text$"),
        ({"words": {"tide": "ebb"}}, ", weights, tide: is missing; every sign with words has weights$"),
        ({"weights": {"time": 0.1}}, ", weights, time: found 0.1, expected two weights such as "),
        ({"weights": {"time": ["a", "b"]}}, ", weights, time: found \\['a', 'b'\\], expected two weights"),
    ],
)
def test_a_file_of_signs_that_is_wrong_is_told_where_and_what_was_expected(more, message):
    with pytest.raises(UsageError, match=f"^f.toml{message}"):
        signs.tables("f.toml", {**SIGNS, **more})


@pytest.mark.parametrize(("table", "part"), [("noun", "more"), ("phrase", "source")])
def test_a_pattern_without_a_part_that_its_table_needs_is_told_which(table, part):
    text = f"[[{table}]]\nname = 'a'\npattern = '(cue: said)'\n{GOOD}"
    with pytest.raises(
        UsageError, match=rf"^f\.toml, {table} 'a', pattern: has no part \({part}: \.\.\.\); every {table}"
    ):
        rulebook.rows("f.toml", text, {table: ()})


@pytest.mark.parametrize(
    ("value", "message"),
    [({"days": 3}, "found 3, expected a text$"), ({"days": "monday Friday"}, "'Friday' fits no word, .*'friday'$")],
)
def test_a_list_of_words_that_is_wrong_is_told_where_and_what_was_expected(value, message):
    with pytest.raises(UsageError, match=f"^f.toml, days: {message}"):
        named("f.toml", value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "some junk here",
            'found \'some junk here\', expected "v" or "n", a lemma and its frames, as in "v claim t", or "c"',
        ),
        ("v claim", "found 'v claim', expected"),
        ("c", "found 'c', expected"),
        ("v Claim t", "'Claim' fits no word, .* write 'claim'$"),
        ("v claim t zz", "'zz' is no frame; there are t i w"),
        ("v claim t -n", "'-n' does not go with the other frames; expected frames alone, or \\* and behind it"),
        ("v claim * n", "'n' does not go with the other frames"),
    ],
)
def test_a_line_of_cues_that_is_none_is_told_where_and_what_was_expected(line, message):
    with pytest.raises(UsageError, match=f"^cues.txt, line 3: {message}"):
        lexicon("cues.txt", f"# verbs\nv say *\n{line}\n")


def test_a_file_that_is_no_utf_8_or_no_toml_is_told_with_the_line(tmp_path):
    (tmp_path / "f.toml").write_bytes(b"# a\nname = 'caf\xe9'\n")
    with pytest.raises(
        UsageError, match=r"^f\.toml, line 2: found the byte 0xe9, which is no UTF-8; save the file as UTF-8$"
    ):
        files.text("f.toml", tmp_path)
    with pytest.raises(UsageError, match=r"^g\.toml: cannot be read"):
        files.text("g.toml", tmp_path)
    with pytest.raises(UsageError, match=r"^f\.toml: .*line 2.*; expected TOML$"):
        files.parsed("f.toml", "a = 1\nb = \n")


@pytest.mark.parametrize("command", ["label", "build"])
def test_a_command_ends_with_2_at_a_file_of_rules_that_is_wrong(command, tmp_path, capfd, monkeypatch):
    def wrong():
        return rulebook.rows("f.toml", "[[rule]]\nname = 3", {"rule": ()})

    monkeypatch.setattr(speculation, "book", wrong)
    path = tmp_path / "a.txt"
    path.write_text("Mara Holt said that the old mill may close in spring.\n")
    out = ["--out", str(tmp_path / "out")] if command == "build" else []
    assert main([command, "--labellers", "rules", *out, str(path)]) == 2
    assert "f.toml, rule number 1, name: found 3, expected a text" in capfd.readouterr().err


def test_a_name_that_is_none_is_told_with_its_row():
    (row,) = rulebook.rows("f.toml", f"[[rule]]\nname = 'a'\npattern = '(cue: <nuon>)'\n{GOOD}", {"rule": ()})
    with pytest.raises(UsageError, match=r"^f\.toml, rule 'a', pattern: '\(cue: <nuon>\)', column 7: no class"):
        rulebook.rule(row, Alphabet({}, []))


# -- the matcher ------------------------------------------------------------------------------------------------------


def found(pattern: str, text: str) -> list[dict[str, str]]:
    """The parts of each match in a text."""
    tree = read(pattern)
    alphabet = Alphabet(lists(), [tree])
    tokens = Tokens(made(text))
    marks = alphabet.marks(tokens)
    matches = (Pattern(tree, alphabet).match(marks, token) for token in range(len(tokens.words)))
    return [{name: words(tokens, [at]) for name, at in match.items()} for match in matches if match is not None]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("(cue: said)", "Holt said so. Lind said no.", [{"cue": "said"}] * 2),
        (
            "(source: <determiner>? <noun>{1,4}) (cue: said)",
            "The port clerk said so.",
            [{"source": "The port clerk", "cue": "said"}],
        ),
        (
            "(cue: said) (content: that .{1,9})",
            "Holt said that it sank.",
            [{"cue": "said", "content": "that it sank."}],
        ),
        ("^ (cue: <name>)", "Holt saw Lind.", [{"cue": "Holt"}]),
        ("^ (cue: <name>)", "12:31 Holt left.", [{"cue": "Holt"}]),
        ("(cue: <name>) !(said)", "Holt said that Lind left.", [{"cue": "Lind"}]),
        ("(cue: <name>) &(said .)", "Holt said that Lind left.", [{"cue": "Holt"}]),
        ("!([not never]) (cue: said)", "He never said it. He said it.", [{"cue": "said"}]),
        ("(a | the) (cue: <noun>)", "A boat and the pier.", [{"cue": "boat"}, {"cue": "pier"}]),
        ("(cue: [may -name])", "In May it may rain.", [{"cue": "may"}]),
        ("(cue: <opening>) .{0,9}? <closing>", "He is “well known” and “rich.", [{"cue": "“"}]),
        ("(cue: so) <end>", "They said so", [{"cue": "so"}]),
        ("(cue: went) (.{0,4} to)? town", "Lind went on to town.", []),
        ("(cue: went) ([on over]{0,4} to)? town", "Lind went on to town.", [{"cue": "went"}]),
    ],
)
def test_what_a_pattern_finds(pattern, text, expected):
    assert found(pattern, text) == expected


def test_every_repeat_is_bounded_and_none_that_goes_on_stands_inside_another():
    for file in rulebook.FILES:
        for table in rulebook.FILES[file]:
            for row in rulebook.table(file, table):
                for trees in row.trees.values():
                    repeats = [node for tree in trees for node in nodes(tree) if isinstance(node, Repeat)]
                    assert all(repeat.high <= 220 for repeat in repeats)


KNOWN = [
    "said",
    "may",
    "could",
    "not",
    "be",
    "ruled",
    "out",
    "the",
    "Holt",
    "“",
    "”",
    ",",
    ".",
    "?",
    "if",
    "had",
    "would",
    "40",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*KNOWN, "estimated", "that", "whether", "expected", "to", "zyx", "'s"]), max_size=40))
def test_the_matcher_never_raises_and_stays_inside_a_sentence(pieces):
    tokens = Tokens(made(" ".join(pieces) or "x"))
    sayings = nested(Finder(tokens).find(), tokens)
    doubts = speculation.Doubts(tokens).find()
    Statements(tokens, sayings, doubts).find()
    for item in doubts:
        numbers = {tokens.sentence(token) for part in (*item.cue, *item.scope) for token in part}
        assert len(numbers) == 1


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="abcd <>[](){}|?^!&_.,'09:-", max_size=24))
def test_any_text_is_a_pattern_or_says_why_it_is_none(text):
    try:
        tree = read(text)
        Pattern(tree, Alphabet(lists(), [tree]))
    except PatternError as error:
        assert re.match(r"column \d+: ", str(error))


@pytest.mark.parametrize(
    "word", ["may", "could", "if", "had", "said", "claims", "according to", "“", "estimated", "the"]
)
def test_work_grows_as_the_text_does(word):
    def found(size: int) -> None:
        tokens = Tokens(made(f"{word} " * size))
        speculation.Doubts(tokens).find()
        Finder(tokens).find()

    assert steps(lambda: found(4000)) < 2.3 * steps(lambda: found(2000))


def test_every_token_has_a_class_that_patterns_can_name():
    assert len(set(LETTERS.values())) == len(LETTERS)
    tokens = Tokens(made("“The 40-year-old’s boat (“Ada”) may sink!” said O’Neil; why? 5% --- …"))
    assert set(tokens.kinds) <= set(LETTERS.values())
