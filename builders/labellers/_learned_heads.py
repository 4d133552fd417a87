"""What the heads for real news say: the values of each attribute, in the order of the network's fields.

Conventions: the names of the fields are those of ``network.FIELDS``; a value stands at its place in these tuples.
"""

ACTS = ("speech", "belief", "intention", "decision", "perception")
#: Kinds of sources that are not empty.
SOURCES = ("named_person", "named_organisation", "unnamed_person", "unnamed_group", "document", "other")
DOUBTS = ("epistemic", "doxastic", "investigative", "conditional")
CERTAINTIES = ("certain", "probable", "possible", "unknown")
CLAIM_KINDS = ("event", "prediction", "other", "quantity", "causal", "rule", "experience")
POLARITIES = ("positive", "negative", "unknown")
#: Attributes that are read from the pieces of a label: the field of each, and how many values it has.
NAMED = {
    "act": len(ACTS),
    "negated": 2,
    "source_kind": len(SOURCES),
    "doubt_kind": len(DOUBTS),
    "doubt_certainty": len(CERTAINTIES),
    "claim_kind": len(CLAIM_KINDS),
    "claim_worth": 2,
    "claim_certainty": len(CERTAINTIES),
    "polarity": len(POLARITIES),
}
#: Parts of the tags of claims: a stretch that begins a claim, and one that goes on with it.
EXTENT = ("begins", "continues")
