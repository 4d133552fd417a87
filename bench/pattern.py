"""What a pattern of the rules finds in a text: to try one before it becomes a row.

    python bench/pattern.py PATTERN TEXT

Prints the words with their classes, then each match with its parts. ``docs/rules.md`` has the notation.
"""

import argparse

from allegedly.builders.labellers._classes import LETTERS
from allegedly.builders.labellers._lists import lists
from allegedly.builders.labellers._notation import PatternError, read
from allegedly.builders.labellers._patterns import Alphabet, Pattern
from allegedly.builders.labellers._tokens import Tokens
from allegedly.builders.text.articles import article
from allegedly.schemas.records import Block, Origin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pattern")
    parser.add_argument("text")
    arguments = parser.parse_args()
    text = arguments.text
    block = Block(kind="paragraph", start=0, end=len(text))
    tokens = Tokens(article(text, Origin(file_name="text.txt"), blocks=[block], language="en"))
    names = {letter: name for name, letter in LETTERS.items()}
    print(*(f"{word}/{names[kind]}" for word, kind in zip(tokens.words, tokens.kinds, strict=True) if word))
    try:
        tree = read(arguments.pattern)
        alphabet = Alphabet(lists(), [tree])
        pattern = Pattern(tree, alphabet)
    except PatternError as error:
        parser.exit(1, f"{arguments.pattern!r}, {error}\n")
    marks = alphabet.marks(tokens)
    found = [parts for token in range(len(tokens.words)) if (parts := pattern.match(marks, token)) is not None]
    for parts in found:
        print(
            *(f"{name}: {text[tokens.starts[a] : tokens.ends[b]]!r}" for name, (a, b) in sorted(parts.items())),
            sep=", ",
        )
    if not found:
        print("no match")


if __name__ == "__main__":
    main()
