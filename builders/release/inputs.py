"""Inputs of a manifest that stay on disk: there may be as many as articles."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import overload

from allegedly.builders.release.ledger import Ledger
from allegedly.schemas.manifest import Input
from allegedly.schemas.stored import manifest


class InputsOnDisk(Sequence[Input]):
    """Inputs in order, read each time that they are looked at."""

    def __init__(self, source: Ledger | Callable[[], Iterator[Input]], count: int | None = None) -> None:
        self._read = source.inputs if isinstance(source, Ledger) else source
        self._count = sum(1 for _ in self._read()) if count is None else count

    @classmethod
    def of_release(cls, release: Path, count: int) -> "InputsOnDisk":
        """Those of a release that stands."""

        def read() -> Iterator[Input]:
            yield from manifest(release).inputs

        return cls(read, count)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Input]:
        return self._read()

    @overload
    def __getitem__(self, index: int) -> Input: ...

    @overload
    def __getitem__(self, index: slice) -> list[Input]: ...

    def __getitem__(self, index: int | slice) -> Input | list[Input]:
        return list(self._read())[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]
