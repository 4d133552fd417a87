"""W3C Web Annotations as this project writes them: what stands for which part, and the keys that are ours.

Conventions: a part of a label is an annotation; its body tags it with a name below. Pieces of a part are several targets on
one text, each with a TextPositionSelector (code points, half-open) and a TextQuoteSelector. The first part of a label holds
its attributes, as tags ``key=value``, and its link to an attribution; the other parts link to it.
Source: W3C Recommendation Web Annotation Data Model, 23 February 2017.
"""

#: The tag of each part.
TAGS = {
    ("attributions", "source"): "source",
    ("attributions", "cue"): "cue",
    ("attributions", "content"): "content",
    ("attributions", "speaker"): "speaker name",
    ("speculations", "cue"): "speculation",
    ("speculations", "scope"): "scope",
    ("claims", "extent"): "claim",
}
#: What an annotation keeps of its label (`builders.annotations.kept`), and what a page says of its article.
LABEL, ARTICLE = "allegedly:label", "allegedly:article"
CONTEXT = [
    "http://www.w3.org/ns/anno.jsonld",
    {
        "@version": 1.1,
        "allegedly": "https://allegedly.invalid/ns#",
        LABEL: {"@id": LABEL, "@type": "@json"},
        ARTICLE: {"@id": ARTICLE, "@type": "@json"},
    },
]
