"""The page of a report, opened from disk in a real browser."""

import shutil

import pytest

from .conftest import SYSTEM

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium, or a skip with the reason."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no browser: none of chromium, chromium-browser, google-chrome is on the path")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="no driver of a browser: playwright is not installed"
    )
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def opened(browser, page):
    """Opens the page; at the end nothing was asked for but the file, and the console said nothing."""
    contexts, asked, told = [], [], []

    def start(width=1280, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        tab = context.new_page()
        tab.set_default_timeout(120_000)
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda message: told.append(message.text))
        tab.on("pageerror", lambda error: told.append(str(error)))
        tab.on("dialog", lambda dialog: told.append(dialog.message))
        tab.goto(page.as_uri())
        return tab

    yield start
    for context in contexts:
        context.close()
    assert {url for url in asked if not url.startswith("data:")} <= {page.as_uri()}
    assert told == []


def shown(tab):
    """Kinds and layers of the rows of pairs that the filter lets through."""
    return tab.eval_on_selector_all(
        ".article:not([hidden]) tr[data-kind]:not([hidden])", "rows => rows.map(r => [r.dataset.kind, r.dataset.layer])"
    )


def test_errors_are_filtered(opened):
    tab = opened()
    assert {layer for _, layer in shown(tab)} == {"claims"}
    assert {kind for kind, _ in shown(tab)} == {"missed"}
    tab.check('input[name="kind"][value="right"]')
    assert {kind for kind, _ in shown(tab)} == {"missed", "right"}
    tab.uncheck('input[name="kind"][value="missed"]')
    assert {kind for kind, _ in shown(tab)} == {"right"}
    tab.check("#layer-attributions")
    tab.uncheck('input[name="kind"][value="right"]')
    assert {kind for kind, _ in shown(tab)} == {"bounds", "attribute"}
    for kind in ("bounds", "attribute", "spurious"):
        tab.uncheck(f'input[name="kind"][value="{kind}"]')
    assert shown(tab) == []
    assert tab.inner_text("#shown").startswith("0 labels in 0 of ")


def test_keys_move_and_choose(opened):
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
    for key, layer in (("3", "attributions"), ("2", "speculations"), ("1", "claims")):
        tab.keyboard.press(key)
        assert tab.is_checked(f"#layer-{layer}")
        assert {found for _, found in shown(tab)} <= {layer}
    tab.focus("#layer-claims")
    tab.keyboard.press("ArrowRight")
    assert tab.is_checked("#layer-speculations")


def test_the_chosen_layer_is_drawn(opened):
    tab = opened()
    tab.keyboard.press("j")
    background = "document.querySelector('.article[open] .text span[style*=\"--claims\"]')"
    assert "gradient" in tab.evaluate(f"getComputedStyle({background}).backgroundImage")
    tab.keyboard.press("2")
    only_claims = ".article[open] .text span[style^=\"--claims\"]:not([style*='--speculations'])"
    found = tab.eval_on_selector_all(only_claims, "spans => spans.map(s => getComputedStyle(s).backgroundImage)")
    assert set(found) <= {"none"}


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
    tab.keyboard.press("3")
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
    assert tab.locator("h2", has_text="Primary metrics").is_visible()
    assert tab.locator("table.wide td", has_text="claim-spans").first.is_visible()
    article = tab.locator("details.article").first
    assert not article.locator("table.pairs").is_visible()
    article.locator("summary").click()
    assert article.locator("table.pairs td").first.is_visible()
    assert "bridge may close" in article.locator(".text").inner_text()
    assert not tab.locator(".needs-script").first.is_visible()


def test_what_is_hostile_is_text(opened):
    tab = opened()
    tab.evaluate("document.querySelectorAll('details').forEach(node => node.open = true)")
    assert tab.locator("script").count() == 1
    assert tab.locator("img").count() == 0
    text = tab.inner_text("body")
    assert "<script>fetch('x')</script>" in text
    assert "⟨U+202E⟩gnp.exe" in text and "\u202e" not in text and "\x1b" not in text
    assert SYSTEM.replace("\u202e", "⟨U+202E⟩").replace("\x1b", "⟨U+001B⟩") in text
    assert not tab.evaluate("[...document.querySelectorAll('a')].some(a => !a.getAttribute('href').startsWith('#'))")
