"""What the Hub is told: licences and languages by its own words."""

import pytest

from allegedly.builders.release.hub import languages, licence, yaml_licence


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("CC-BY-4.0", ("cc-by-4.0", None, None)),
        ("cc0-1.0", ("cc0-1.0", None, None)),
        ("GPL-3.0-or-later", ("gpl-3.0", None, None)),
        ("ODbL-1.0", ("odbl", None, None)),
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/", ("cc-by-nc-sa-4.0", None, None)),
        ("https://creativecommons.org/publicdomain/zero/1.0/", ("cc0-1.0", None, None)),
        ("CC-BY-ND-3.0", ("other", "cc-by-nd-3.0", "https://spdx.org/licenses/CC-BY-ND-3.0.html")),
        ("Crown terms, see https://example.org/terms.", ("other", "crown-terms-see", "https://example.org/terms")),
        ("for research only", ("other", "for-research-only", "README.md")),
        ("other", ("other", "other", "README.md")),
    ],
)
def test_a_licence_is_an_id_of_the_hub_or_other_with_name_and_link(said, named):
    assert licence(said) == named


def test_nobody_named_a_licence():
    assert list(yaml_licence(None)) == [] == list(yaml_licence(""))


def test_languages_are_codes_with_full_tags_beside():
    assert languages(["en-GB", "de", None, "Deutsch!", "zh-Hans-CN", "en"]) == (
        ["de", "en", "zh"],
        ["en-GB", "zh-Hans-CN"],
    )
