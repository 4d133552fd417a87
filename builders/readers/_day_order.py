"""The order of day and month in the dates of one file: its other records may settle what ``5/6/2017`` leaves open.

Conventions: the file is looked through once, and only where a date leaves the order open. Where two of its dates settle
it in two ways, it stays open.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from allegedly.builders.text import dates


class DayOrder:
    """The order of day and month in a file. ``written``: gives all its dates, as they are written."""

    def __init__(self, written: Callable[[], Iterable[Any]]) -> None:
        self._written = written
        self._settled: tuple[bool | None] | None = None

    def day_first(self) -> bool | None:
        """Whether the day comes first; None where no date settles it, or two do not agree."""
        if self._settled is None:
            texts = (text for text in self._written() if isinstance(text, str) and len(text) <= dates.LONGEST)
            orders = {order for order in map(dates.order, texts) if order is not None}
            self._settled = (orders.pop() if len(orders) == 1 else None,)
        return self._settled[0]

    def settled(self, written: Any) -> Any:
        """A date in ISO 8601 where the order was what it lacked; else as it is written."""
        if not isinstance(written, str) or len(written) > dates.LONGEST or dates.read(written):
            return written
        if dates.read(written, True) is None or (day_first := self.day_first()) is None:
            return written
        return dates.read(written, day_first)

    def in_record(self, record: Any, name: str | None) -> Any:
        """A record with its date settled. ``name``: of the field that holds the date; None where there is none."""
        if not isinstance(record, Mapping) or name is None or name not in record:
            return record
        settled = self.settled(record[name])
        return record if settled is record[name] else {**record, name: settled}
