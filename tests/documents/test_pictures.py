"""The pictures are what their script draws, small, and nothing but pictures."""

import importlib.util
from pathlib import Path
from xml.etree import ElementTree

import pytest

FOLDER = Path(__file__).parent.parent.parent / "docs" / "pictures"


@pytest.fixture(scope="module")
def drawn():
    spec = importlib.util.spec_from_file_location("draw_pictures", FOLDER / "draw.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.pictures()


def test_what_is_committed_is_what_is_drawn(drawn):
    found = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.svg")}
    assert found == drawn, "python docs/pictures/draw.py writes them"


def test_each_is_small_and_says_what_it_shows(drawn):
    for name, picture in drawn.items():
        root = ElementTree.fromstring(picture)
        assert root.get("aria-label"), name
        assert len(picture) < 10_000, name
        assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
            "svg",
            "style",
            "rect",
            "line",
            "text",
            "polygon",
        }


def test_lanes_stand_under_their_words(drawn):
    """The cue "may" is the 15th to 17th character of the second line's last quotation: by hand, from the text."""
    root = ElementTree.fromstring(drawn["paragraph.svg"])
    line = '"We saw it," she added. "It may have hit a rock."'
    texts = [element for element in root.iter() if element.tag.endswith("text")]
    (second,) = (element for element in texts if element.text == line)
    assert second.get("textLength") == str(9 * len(line))
    cue = [element for element in root.iter() if element.get("class") == "doubt" and element.get("stroke-width") == "5"]
    assert [(element.get("x1"), element.get("x2")) for element in cue[:1]] == [(str(20 + 9 * 28), str(20 + 9 * 31))]
