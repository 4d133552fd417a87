"""The page of a report, opened from disk in a real browser."""

import re

import pytest

from .conftest import SYSTEM

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture
def opened(look, page):
    """Opens the page."""
    return lambda width=1280, **options: look(page, width, **options)


def shown(tab):
    """Layers and outcomes (a letter for each of two systems) of the rows that the filters let through."""
    return tab.eval_on_selector_all(
        ".article:not([hidden])[open] .item:not([hidden])",
        "rows => rows.map(r => [r.parentNode.dataset.layer, r.dataset.k])",
    )


def test_the_first_screen_answers(opened):
    tab = opened()
    text = tab.inner_text("#answer")
    assert "Commonest errors of plain" in text
    assert re.search(r"attribution, form: (in)?direct taken for (in)?direct", text)
    for task in ("claim-spans ptc_f1", "speculation-cues exact_f1"):
        assert task in text
    assert "leads" in text or "cannot be told" in text or "identical predictions" in text
    box = tab.locator("#answer table").bounding_box()
    assert box["y"] < 600


def test_errors_are_filtered(opened):
    tab = opened()
    tab.evaluate("document.querySelectorAll('.article').forEach(node => node.open = true)")
    every = shown(tab)
    assert {layer for layer, _ in every} == {"claims", "speculations", "attributions"}
    assert not any(set(letters) <= {"g", "n"} for _, letters in every)
    tab.select_option('[name="layer"]', "claims")
    assert shown(tab) and {layer for layer, _ in shown(tab)} == {"claims"}
    tab.select_option('[name="layer"]', "")
    # what the first system has wrong and the second right
    tab.select_option('[name="outcome-0"]', "0:wrong")
    tab.select_option('[name="outcome-1"]', "1:g")
    found = shown(tab)
    assert found == [row for row in every if row[1][0] in "mxba" and row[1][1] == "g"]
    assert 0 < len(found) < len(every)
    tab.select_option('[name="outcome-1"]', "1:x")
    assert tab.inner_text("#shown").startswith("0 of ")


def test_keys_move(opened):
    tab = opened()
    focused = "document.activeElement.closest('.article')?.id"
    tab.keyboard.press("j")
    first = tab.evaluate(focused)
    assert first and tab.evaluate("document.activeElement.closest('.article').open")
    tab.keyboard.press("j")
    second = tab.evaluate(focused)
    assert second != first
    tab.keyboard.press("k")
    assert tab.evaluate(focused) == first
    tab.keyboard.press("n")
    assert tab.evaluate("document.activeElement.matches('tr.item') && document.activeElement.classList.contains('lit')")
    assert tab.locator(".text u.lit").count() > 0


def test_a_row_and_its_words_are_lit_together(opened):
    tab = opened()
    tab.keyboard.press("j")
    row = tab.locator(".article[open] tr.item[data-l]").first
    row.hover()
    names = row.get_attribute("data-l").split(",")
    lit = tab.eval_on_selector_all("u.lit", "nodes => nodes.map(n => n.className)")
    assert lit and all(any(name in said.split() for name in names) for said in lit)


def test_marks_are_drawn_in_the_colour_of_what_became_of_them(opened):
    tab = opened()
    tab.keyboard.press("j")
    drawn = tab.eval_on_selector_all(".article[open] u", "nodes => nodes.map(n => getComputedStyle(n).backgroundImage)")
    assert drawn and all("gradient" in image for image in drawn)
    tab.select_option('[name="layer"]', "speculations")
    only_claims = ".article[open] u[class*='c c'], .article[open] u[class*='cz c']"
    found = tab.eval_on_selector_all(only_claims, "nodes => nodes.map(n => getComputedStyle(n).backgroundImage)")
    assert all("gradient" not in image for image in found)


NARROW = """[...document.querySelectorAll('td, th')].filter(cell => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top))).size;
  return cell.innerText.length > 8 && lines > 1 + cell.innerText.length / 4;
}).length"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_can_be_read(opened, width, scheme):
    tab = opened(width, color_scheme=scheme)
    tab.evaluate("document.querySelectorAll('details').forEach(node => node.open = true)")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    # words are not cut into letters: no cell has a line for every few characters
    narrow = tab.evaluate(NARROW)
    assert narrow == 0
    colours = tab.evaluate(
        "(() => { const style = getComputedStyle(document.body); return [style.color, style.backgroundColor]; })()"
    )
    ink, ground = (luminance(colour) for colour in colours)
    assert (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) >= 7
    assert (ground > 0.5) == (scheme == "light")


def luminance(colour):
    """Relative luminance after WCAG 2."""
    channels = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_it_reads_without_scripts(opened):
    tab = opened(java_script_enabled=False)
    assert tab.locator("#answer table td", has_text="claim-spans").first.is_visible()
    article = tab.locator("details.article").first
    assert not article.locator("table.pairs").is_visible()
    article.locator("summary").click()
    assert article.locator("table.pairs td").first.is_visible()
    assert "bridge may close" in " ".join(article.locator(".text").inner_text().split())
    assert not tab.locator(".needs-script").first.is_visible()


def test_what_is_hostile_is_text(opened):
    tab = opened()
    tab.evaluate("document.querySelectorAll('details').forEach(node => node.open = true)")
    assert tab.locator("script").count() == 1
    assert tab.locator("img").count() == 0
    text = tab.inner_text("body")
    assert "<script>fetch('x')</script>" in text
    # in the text of articles such marks stand as they are, where they turn nothing; elsewhere by their numbers
    elsewhere = tab.evaluate(
        "[...document.querySelectorAll('body > *')].map(node => { const copy = node.cloneNode(true); "
        "copy.querySelectorAll('.text').forEach(inner => inner.remove()); return copy.textContent; }).join('')"
    )
    assert "⟨U+202E⟩gnp.exe" in elsewhere and "\u202e" not in elsewhere and "\x1b" not in elsewhere
    odd = tab.eval_on_selector_all(".text bdi.odd", "nodes => nodes.map(n => [n.textContent, n.dataset.u])")
    assert ["\u202e", "202E"] in odd
    assert tab.evaluate(
        "[...document.querySelectorAll('.text')].every(node => (node.textContent.match(/\\u202e/g) ?? []).length"
        " === node.querySelectorAll('bdi[data-u=\"202E\"]').length)"
    )
    assert SYSTEM.replace("\u202e", "⟨U+202E⟩").replace("\x1b", "⟨U+001B⟩") in text
    assert not tab.evaluate("[...document.querySelectorAll('a')].some(a => !a.getAttribute('href').startsWith('#'))")
