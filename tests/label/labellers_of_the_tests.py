"""Small labellers that the tests name as ``package.module:function``."""

from collections.abc import Iterator, Sequence

from allegedly.schemas.records import Article, Attribution, Claim, Labels, Prediction, Sentence, Span, Speculation


def of_saids(articles: Sequence[Article]) -> Iterator[Prediction]:
    """An attribution for each "said" with the words before it, a speculation for each "may", claims around both."""
    for article in articles:
        attributions, speculations, claims = [], [], []
        for start, end in article.sentences:
            words = article.text[start:end]
            if (at := words.find(" said ")) > 0:
                cue = Span(start + at + 1, start + at + 5)
                attributions.append(
                    Attribution(
                        id="a7",
                        source=(Span(start, start + at),),
                        cue=(cue,),
                        content=(Span(cue.end + 1, end),),
                        form="indirect",
                    )
                )
                claims.append(Claim(extent=(Span(cue.end + 1, end),), worth="check_worthy", claimer="a7"))
            if (at := words.find(" may ")) > 0:
                # two stretches: what may be, without the cue
                scope = (Span(start, start + at), Span(start + at + 5, end))
                speculations.append(Speculation(cue=(Span(start + at + 1, start + at + 4),), scope=scope))
        scores = tuple(Sentence(start=start, end=end, scores={"claim": 0.123456}) for start, end in article.sentences)
        labels = Labels(claims=tuple(claims), speculations=tuple(speculations), attributions=tuple(attributions[:1]))
        yield Prediction(labels=labels, sentences=scores)


def too_few(articles: Sequence[Article]) -> Iterator[Prediction]:
    return iter(())


def outside(articles: Sequence[Article]) -> Iterator[Prediction]:
    for article in articles:
        yield Prediction(labels=Labels(claims=(Claim(extent=(Span(0, len(article.text) + 5),)),)))


def broken(articles: Sequence[Article]) -> Iterator[Prediction]:
    raise RuntimeError("no")


nothing = 3
