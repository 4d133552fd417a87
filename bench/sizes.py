"""How large modules and functions are, and how much is typed: code lines without blanks, comments and docstrings.

python bench/sizes.py [FOLDER ...]
"""

import ast
import io
import statistics
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = ("schemas", "builders", "eval", "front")


def code_lines(source: str) -> set[int]:
    """Numbers of the lines that hold code."""
    skipped = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in skipped:
            lines.update(range(token.start[0], token.end[0] + 1))
    return lines - set(_docstrings(ast.parse(source)))


def _docstrings(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(
            node
        ):
            text = node.body[0]
            yield from range(text.lineno, (text.end_lineno or text.lineno) + 1)


def functions(source: str) -> Iterator[tuple[str, int]]:
    """Names of functions and methods with their code lines, those of functions inside them not counted twice."""
    lines = code_lines(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            own = set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            for inner in ast.walk(node):
                if inner is not node and isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                    own -= set(range(inner.lineno, (inner.end_lineno or inner.lineno) + 1))
            yield node.name, len(own & lines)


def modules(folder: str) -> dict[str, int]:
    """Code lines of the modules of a folder at the root; packages' empty front pages are left out."""
    sizes = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        count = len(code_lines(path.read_text(encoding="utf-8")))
        if count:
            sizes[path.relative_to(ROOT).as_posix()] = count
    return sizes


def main() -> None:
    for folder in sys.argv[1:] or FOLDERS:
        sizes = modules(folder)
        found = [
            (count, name, path)
            for path in sizes
            for name, count in functions((ROOT / path).read_text(encoding="utf-8"))
        ]
        counts = sorted(count for count, _, _ in found)
        p90 = counts[int(0.9 * (len(counts) - 1))]
        largest = max(sizes, key=lambda path: sizes[path])
        print(
            f"{folder}: {len(sizes)} modules, median {statistics.median(sizes.values()):g}, largest {sizes[largest]} "
            f"({largest}); {len(counts)} functions, median {statistics.median(counts):g}, p90 {p90}, "
            f"largest {', '.join(f'{count} {name} ({path})' for count, name, path in sorted(found, reverse=True)[:3])}"
        )


if __name__ == "__main__":
    main()
