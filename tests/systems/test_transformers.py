"""Checkpoints of transformers: small ones, trained here, saved, and asked for real."""

import logging

import pytest

from allegedly.eval import system
from allegedly.eval.options import Options, options
from allegedly.eval.systems import transformers as ours
from allegedly.schemas.errors import UsageError

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]
TASK = "speculation-detection"
TEXTS = [f"the bridge {word} close" for word in ("may", "will", "might", "did")] * 4
HEDGED = [int(" may " in text or " might " in text) for text in TEXTS]


@pytest.fixture(scope="module")
def parts():
    torch = pytest.importorskip("torch")
    library = pytest.importorskip("transformers")
    logging.getLogger("transformers").setLevel(logging.ERROR)
    torch.manual_seed(0)
    torch.set_num_threads(1)
    config = library.BertConfig(
        vocab_size=32,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        hidden_dropout_prob=0.0,
        id2label={0: "certain", 1: "speculative"},
        label2id={"certain": 0, "speculative": 1},
    )
    return torch, library, config


@pytest.fixture(scope="module")
def tokenizer(parts):
    _, library, _ = parts
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "bridge", "may", "will", "might", "did", "close", "."]
    return library.BertTokenizerFast(vocab={word: at for at, word in enumerate(words)})


def trained(torch, model, inputs, targets):
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    model.train()
    for _ in range(60):
        optimiser.zero_grad()
        model(**inputs, labels=targets).loss.backward()
        optimiser.step()
    return model.eval()


def test_text_classification(parts, tokenizer, tmp_path):
    torch, library, config = parts
    inputs = tokenizer(TEXTS, return_tensors="pt", padding=True)
    model = trained(torch, library.BertForSequenceClassification(config), inputs, torch.tensor(HEDGED))
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    connected = ours.connect(str(tmp_path), Options())
    found = connected.answer(TASK, [{"task": TASK, "id": f"{at}:0", "text": text} for at, text in enumerate(TEXTS)])
    assert [max(answer, key=answer.get) for answer in found] == [config.id2label[hedged] for hedged in HEDGED]
    with pytest.raises(UsageError, match="cannot answer speculation-cues"):
        connected.answer("speculation-cues", [{"task": "speculation-cues", "article": {}}])
    with pytest.raises(UsageError, match="gives classes of sentences; labels need spans"):
        connected.layers()


@pytest.mark.parametrize("problem", [None, "multi_label_classification", "regression"])
def test_one_logit_is_the_chance_of_its_class_alone(parts, tokenizer, tmp_path, problem):
    torch, library, config = parts
    one = {"id2label": {0: "HEDGED"}, "label2id": {"HEDGED": 0}, "problem_type": problem}
    model = library.BertForSequenceClassification(library.BertConfig.from_dict({**config.to_dict(), **one})).eval()
    torch.nn.init.constant_(model.classifier.bias, -2.0)
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    given = options({"labels": {"HEDGED": "speculative"}})
    request = {"task": TASK, "id": "a:0", "text": TEXTS[0]}
    (raw,) = ours.connect(str(tmp_path), given).answer(TASK, [request])
    with torch.no_grad():
        chance = torch.sigmoid(model(**tokenizer(TEXTS[:1], return_tensors="pt")).logits).item()
    line = system.read(TASK, request, raw, given, ("certain", "speculative"), "speculative")
    assert line["label"] == "certain" and line["score"] == pytest.approx(1 - chance, abs=1e-5) and chance < 0.5


def test_token_classification(parts, tokenizer, tmp_path):
    torch, library, config = parts
    config = library.BertConfig.from_dict(
        {**config.to_dict(), "id2label": {0: "O", 1: "B-HEDGE"}, "label2id": {"O": 0, "B-HEDGE": 1}}
    )
    inputs = tokenizer(TEXTS, return_tensors="pt", padding=True)
    hedges = [tokenizer.convert_tokens_to_ids(word) for word in ("may", "might")]
    targets = torch.isin(inputs["input_ids"], torch.tensor(hedges)).long()
    model = trained(torch, library.BertForTokenClassification(config), inputs, targets)
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    given = options({"labels": {"HEDGE": "cue"}})
    connected = ours.connect(str(tmp_path), given)
    text = "the bridge will close. the bridge might close."
    article = {"text": text, "sentences": [{"start": 0, "end": 22}, {"start": 23, "end": 46}]}
    (found,) = connected.answer("speculation-cues", [{"task": "speculation-cues", "article": article}])
    assert found == {"speculations": [{"cue": [{"start": 34, "end": 39}]}]}
    assert connected.layers() == ("attributions",)
    labelling = ours.connect(str(tmp_path), options({"labels": {"HEDGE": "speculation"}}))
    assert labelling.layers() == ("speculations",)
    assert labelling.answer("labels", [{"task": "labels", "article": article}]) == [found]
    with pytest.raises(UsageError, match=r"labels need a model that marks spans with names of ours.*; found HEDGE"):
        ours.connect(str(tmp_path), Options()).layers()


def test_a_folder_without_a_checkpoint(tmp_path):
    with pytest.raises(UsageError, match=r"no config\.json there"):
        ours.connect(str(tmp_path), Options())
    (tmp_path / "config.json").write_text('{"architectures": ["BertModel"]}')
    with pytest.raises(UsageError, match="expected sequence or token classification"):
        ours.connect(str(tmp_path), Options())
