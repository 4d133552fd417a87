"""The card, as those read it who open it: `huggingface_hub` the page, `datasets` the configs and their features."""

from dataclasses import replace

import pytest
from datasets.info import DatasetInfosDict
from datasets.utils.metadata import MetadataConfigs
from huggingface_hub import DatasetCard, DatasetCardData

from allegedly.builders.release.card import card
from allegedly.builders.release.facts import About, Facts
from allegedly.builders.release.tally import Tally
from allegedly.schemas import arrow, stored

HOSTILE = [
    "no",
    "1e3",
    "a\n---\nconfigs: []",
    "x: y # z",
    "'\"\\",
    "\u202eabc\u2028\x00\x1b[31m",
    "- !!python/object:os.system x",
    "&a *a {{ name }}",
]


@pytest.fixture
def page(shipped):
    """Makes the card of the shipped release under another name."""
    manifest = stored.manifest(shipped)
    tally = Tally()
    for record in stored.records(shipped):
        tally.add(record)

    def made(name: str) -> str:
        about = About(name=name, version=manifest.version, licence="MIT", description=name, citation=name)
        contents = dict.fromkeys(arrow.CONFIGS, "0" * 64)
        return card(Facts(manifest=replace(manifest, name=name), about=about, contents=contents, tally=tally, rules={}))

    return made


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_read_as_it_was_given(page, name):
    data = DatasetCard(page(name)).data
    assert data.pretty_name == name and data.license == "mit"
    assert data.to_dict() == {**DatasetCard(page("Harbour")).data.to_dict(), "pretty_name": name}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_page_shows_a_name_as_text(page, name):
    body = page(name).split("\n---\n", 1)[1]
    assert all(character.isprintable() or character == "\n" for character in body)
    assert "{{" not in body and "\n---" not in body


def test_configs_and_features_are_those_of_the_tables(page, shipped):
    data = DatasetCard(page("Harbour")).data
    counts = stored.manifest(shipped).counts
    having = {config: [s for s, rows in splits.items() if rows] for config, splits in counts.items()}
    having = {config: splits for config, splits in having.items() if splits}
    configs = MetadataConfigs.from_dataset_card_data(data)
    assert {name: [file["split"] for file in config["data_files"]] for name, config in configs.items()} == having
    assert configs.get_default_config_name() == "sentences"
    infos = DatasetInfosDict.from_dataset_card_data(data)
    for config, info in infos.items():
        assert info.features == arrow.features(config)
        assert {name: split.num_examples for name, split in info.splits.items()} == {
            name: counts[config][name] for name in having[config]
        }


def test_another_writer_of_cards_says_the_same(page):
    data = DatasetCard(page("Harbour")).data
    assert DatasetCard(f"---\n{DatasetCardData(**data.to_dict()).to_yaml()}\n---\n").data.to_dict() == data.to_dict()
