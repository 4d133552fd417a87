"""What a notebook shows: well-formed HTML of ours alone, whatever the values hold, and one short line beside it."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from drawn_labels import labelled
from hypothesis import given, settings

import allegedly
from allegedly.eval import pages
from allegedly.schemas import drawn, stored
from allegedly.schemas.derive import numbered
from allegedly.schemas.records import LAYERS, Article, Block, Claim, Labels, Origin, Record, Span
from allegedly.view import notebook

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
TEXT = "Mayor Ines Holt said the bridge may close for $5 or $6. It costs 3 million, she said."
HOSTILE = (
    '</style></div><script>alert("x")</script>\x1b[31m\u202eabc\ud800<img src=x onerror=alert(1)> ' + "long " * 200
)


class Page(HTMLParser):
    """Elements in order, closed in the order in which they were opened."""

    def __init__(self, markup):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.words = [], [], {}
        self.feed(markup)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        inside = self.open[-1] if self.open else ""
        self.words[inside] = self.words.get(inside, "") + data


def sound(markup):
    """The page that an output is, once what holds for all of them is seen to hold."""
    found = Page(markup)
    ours = {
        "div",
        "style",
        "p",
        "b",
        "u",
        "bdi",
        "span",
        "details",
        "summary",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    assert {tag for tag, _ in found.tags} <= ours
    names = {name for _, attributes in found.tags for name in attributes}
    assert names <= {"class", "dir", "style", "data-n", "data-u", "data-head"}
    scope = found.tags[0][1]["class"].split()[0]
    assert re.fullmatch("allegedly-[0-9a-f]{12}", scope) and markup.startswith(f'<div class="{scope} ')
    style = found.words["style"]
    assert "@import" not in style and "url(" not in style
    selectors = re.findall(r"([^{}]+)\{", re.sub(r"@media[^{]*\{|/\*.*?\*/", "", style))
    assert selectors
    for selector in ",".join(selectors).split(","):
        assert selector.strip().startswith(f"div.{scope}.{scope}"), selector
    markup.encode()
    return found


@pytest.fixture(scope="module")
def record():
    return next(allegedly.label(text=TEXT))


@pytest.fixture(scope="module")
def report(root):
    systems = {"rules": "labeller:rules", "never <b>": lambda texts: ["certain"] * len(texts)}
    return allegedly.evaluate(root / "dataset", systems, tasks=["speculation-detection"], resamples=200)


def test_a_record_shows_its_text_once_and_each_label(record):
    markup = record._repr_html_()
    found = sound(markup)
    assert _text(markup) == TEXT
    names = [attributes["data-n"] for _, attributes in found.tags if "data-n" in attributes]
    assert sorted(" ".join(names).split()) == sorted(
        label.id for layer in LAYERS for label in getattr(record.labels, layer)
    )
    assert "said" in found.words["td"] and "2 claims, 1 speculation, 2 attributions" in found.words["p"]


def _text(markup):
    """What stands in the element of the text, with what is inside it."""
    inner = re.search(r'<div class="text"[^>]*>(.*?)</div>', markup, re.S)[1]
    return re.sub("<[^>]*>", "", inner)


def test_an_article_alone_has_no_labels_and_says_nothing_of_them(record):
    markup = record.article._repr_html_()
    assert _text(markup) == TEXT
    assert "annotated" not in markup and "Labels" not in markup and 'class="legend"' not in markup


def test_the_same_value_gives_the_same_html_and_another_one_another_class(record):
    other = replace(record, split="test")
    assert record._repr_html_() == record._repr_html_()
    first, second = (sound(each._repr_html_()).tags[0][1]["class"] for each in (record, other))
    assert first != second


def test_a_release_shows_its_sizes_and_who_labelled(root):
    release = stored.Release(root / "dataset")
    found = sound(release.manifest._repr_html_())
    assert release._repr_html_() == release.manifest._repr_html_()
    for split, count in release.manifest.counts["sentences"].items():
        assert split in found.words["td"] and f"{count:,}" in found.words["td"]
    assert all(each["id"] in found.words["td"] for each in release.manifest.annotators)


def test_a_report_shows_its_first_table_with_who_leads(report):
    found = sound(report._repr_html_())
    summary, table = pages.answer(report)
    assert summary == ["rules leads in 1 of 1 tasks: speculation-detection."]
    assert summary[0] in found.words["p"]
    assert all(cell.text in found.words["td"] + found.words["span"] for row in table.rows for cell in row.cells)
    assert [name for tag, attributes in found.tags if tag == "span" for name in attributes.values()] == ["leader"]
    assert report.whose_gold[0] in found.words["p"]


def test_many_systems_are_not_tested_while_somebody_waits(report):
    rows = [{**row, "system": f"s{n}"} for n in range(5) for row in report.results if row["system"] == "rules"]
    many = replace(report, systems=[{**report.systems[0], "name": f"s{n}"} for n in range(5)], results=rows)
    found = sound(many._repr_html_())
    assert "5 systems: allegedly.compare(report) tests each pair of them." in found.words["p"]
    assert "not tested here" in found.words["td"]


def test_a_comparison_shows_each_pair(report):
    comparison = allegedly.compare(report)
    found = sound(comparison._repr_html_())
    (pair,) = comparison.rows
    assert f"{pair.task} {pair.metric}" in found.words["td"] and "rules leads by" in found.words["td"]
    assert "never <b>" in found.words["td"]


def test_hostile_words_are_words():
    article = Article(
        id=HOSTILE,
        text=HOSTILE,
        title=HOSTILE,
        outlet=HOSTILE,
        origin=Origin(file_name=HOSTILE),
        blocks=(Block(kind="paragraph", start=0, end=len(HOSTILE)),),
        sentences=(Span(0, len(HOSTILE)),),
    )
    labels = Labels(claims=(Claim(id='c1" onclick="x', extent=(Span(0, 40),), kind="<i>", by="<script>"),))
    value = Record(article=article, labels=labels, split="<b>")
    found = sound(value._repr_html_())
    assert "<script>" in found.words["p"] and '<script>alert("x")</script>' in _unescaped(_text(value._repr_html_()))
    assert len(repr(value)) < 200 and repr(value).isprintable()
    assert len(repr(article)) < 200 and repr(article).isprintable()


def _unescaped(markup):
    parser = HTMLParser(convert_charrefs=True)
    words = []
    parser.handle_data = words.append
    parser.feed(markup)
    parser.close()
    return "".join(words)


@settings(max_examples=40)
@given(labelled())
def test_whatever_is_valid_is_shown(pair):
    article, labels = pair
    record = Record(article=article, labels=numbered(labels, article))
    sound(record._repr_html_())
    assert len(repr(record)) < 200 and "\n" not in repr(record)


def test_a_long_text_is_folded_and_a_longer_one_cut():
    sentence = "The ferry may sail. "
    for count, folded, cut in ((10, False, False), (200, True, False), (4000, True, True)):
        text = sentence * count
        spans = [Span(at, at + 19) for at in range(0, len(text), 20)]
        claims = tuple(Claim(id=f"c{n}", extent=(span,)) for n, span in enumerate(spans, 1))
        article = Article(id="a", text=text, origin=Origin(file_name="a.txt"), sentences=tuple(spans))
        markup = Record(article=article, labels=Labels(claims=claims))._repr_html_()
        sound(markup)
        assert ("<details><summary>Text: " in markup) == folded
        assert (f"the first {notebook.MOST:,} of {len(text):,} characters" in markup) == cut
        assert len(_text(markup)) == min(len(text), notebook.MOST)
        assert (f"and {count - notebook.LISTED:,} more" in markup) == (count > notebook.LISTED)
        assert f"{count:,} claims" in markup


def test_every_value_says_itself_in_a_short_line(record, report, root):
    release = stored.Release(root / "dataset")
    many = replace(report, systems=[{**report.systems[0], "name": "x" * 400}] * 50)
    values = [record, record.article, release, release.manifest, report, many, allegedly.compare(report)]
    for value in values:
        assert repr(value).startswith(f"<{type(value).__name__} ") and len(repr(value)) < 200, repr(value)
    assert repr(record).endswith(": 2 claims, 1 speculation, 2 attributions; 2 sentences, 1 vote>")
    assert repr(release.manifest).startswith("<Manifest allegedly-news ")
    counts = release.manifest.counts["articles"]
    assert f": {sum(counts.values())} articles (train {counts['train']}, " in repr(release.manifest)
    assert repr(report).endswith("split test: 1 task, 30 articles: rules, never <b>>")
    assert repr(allegedly.compare(report)).endswith("split test: 1 pair of 2 systems>")


def test_a_value_of_another_kind_has_no_picture():
    assert notebook.html(drawn.Drawn()) is None


def test_nothing_is_drawn_or_loaded_before_it_is_asked_for():
    program = (
        "import sys, allegedly; from allegedly.schemas.records import Record\n"
        "print([name for name in ('jinja2', 'markupsafe', 'numpy', 'pyarrow', 'html', 'allegedly.view') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_outputs_of_one_notebook_leave_each_other_and_it_alone(look, record, report, root, tmp_path, scheme):
    """Three outputs beside a table and words of the notebook's own, some of whose classes have the names of ours."""
    nested = next(iter(stored.records(root / "dataset")))
    plain = "<p class='quiet'>own</p><u>own</u><table><tr><td class='number'>own</td></tr></table><div class='text'>own</div>"
    head = "<!doctype html><meta charset='utf-8'><style>td { text-align: right } tbody tr { background: red }</style>"

    def styles(name, *outputs):
        page = tmp_path / f"{name}.html"
        page.write_text(head + "".join(f"<section>{output}</section>" for output in outputs), encoding="utf-8")
        tab = look(page, color_scheme=scheme)
        read = """nodes => nodes.map(n => [...n.querySelectorAll('*')].filter(e => e.tagName != 'STYLE').map(e => {
            const s = getComputedStyle(e); return [e.tagName, s.color, s.backgroundImage, s.backgroundColor, s.fontSize,
            s.textAlign, s.lineHeight, s.paddingBottom, s.borderBottom].join('|') }))"""
        return tab.eval_on_selector_all("section", read)

    values = [nested, record, report]
    alone = [styles(f"alone{n}", value._repr_html_(), plain)[0] for n, value in enumerate(values)]
    together = styles("together", *(value._repr_html_() for value in values), plain)
    assert together[:3] == alone
    assert together[3] == styles("plain", plain)[0]


def test_it_is_text_a_notebook_can_keep(record):
    value = replace(record, article=replace(record.article, text=TEXT[:-1] + "\ud800"))
    assert json.loads(json.dumps(value._repr_html_()).encode())
