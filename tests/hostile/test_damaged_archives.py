"""Archives that are damaged, cut off or put one behind the other: what can be found is read, and the rest is told."""

import bz2
import gzip
import io
import lzma
import random
import tarfile
import zipfile

import pytest
from steps import steps

from allegedly.builders.readers import _reading
from allegedly.builders.sources import tars
from allegedly.schemas.records import Rejected


def parsed(data, name):
    return list(_reading.parsed(data, name))


def told(data, name="a.tar"):
    """The names of the members that are read, and of lines of the ledger the rule."""
    return [
        value.rule if isinstance(value, Rejected) else value.origin.file_name.rpartition("!/")[2]
        for value in parsed(data, name)
    ]


def text(number):
    return (
        f"Ferry {number} ran aground off Estrand on Tuesday, and nobody was hurt, the coast guard said.\n".encode() * 12
    )


def packed(*numbers, style=tarfile.GNU_FORMAT, long="", text=text):
    """A tar of texts; a member is a header of 512 bytes and 1,536 of content."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=style) as archive:
        for number in numbers:
            info = tarfile.TarInfo(f"{long}{number}.txt")
            info.size = len(text(number))
            archive.addfile(info, io.BytesIO(text(number)))
    return file.getvalue()


def zipped(*numbers):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.mkdir("news")
        for number in numbers:
            archive.writestr(f"news/{number}.txt", text(number))
    return file.getvalue()


WHOLE, MEMBER = packed(0, 1, 2, 3, 4, 5), 512 + 1536
THIRD = 2 * MEMBER
LEFT = ["0.txt", "1.txt", "3.txt", "4.txt", "5.txt"]


def written(data, at, new):
    return data[:at] + new + data[at + len(new) :]


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (written(WHOLE, THIRD + 148, b"x"), [*LEFT, "broken-archive"]),
        (written(WHOLE, THIRD, bytes(512)), [*LEFT, "broken-archive"]),
        (written(WHOLE, THIRD, b"\xff" * 512), [*LEFT, "broken-archive"]),
        (written(WHOLE, 148, b"x"), ["1.txt", "2.txt", "3.txt", "4.txt", "5.txt", "broken-archive"]),
        (written(WHOLE, 5 * MEMBER + 148, b"x"), ["0.txt", "1.txt", "2.txt", "3.txt", "4.txt", "broken-archive"]),
        # bytes that were lost, or came in between: nothing stands at a multiple of 512 any more
        (WHOLE[:THIRD] + WHOLE[THIRD + 700 :], [*LEFT, "broken-archive"]),
        (WHOLE[:THIRD] + b"junk" * 5 + WHOLE[THIRD:], [*LEFT[:2], "2.txt", *LEFT[2:], "broken-archive"]),
        (written(WHOLE, THIRD, bytes(MEMBER)), LEFT),  # what nothing is left of cannot be told from an end
        (WHOLE[: THIRD + 300], ["0.txt", "1.txt", "truncated"]),
        (WHOLE[: THIRD + 700], ["0.txt", "1.txt", "truncated"]),
        (WHOLE[:THIRD], ["0.txt", "1.txt"]),  # as programs write it that set no zeros behind the last member
        (packed(0, 1) + packed(2), ["0.txt", "1.txt", "2.txt"]),
        (packed(0) + packed(1)[:300] + packed(2), ["0.txt", "2.txt", "broken-archive"]),
    ],
)
def test_a_damaged_header_costs_no_other_member(data, wanted):
    assert told(data) == wanted
    for pack, ending in ((gzip.compress, "gz"), (bz2.compress, "bz2"), (lzma.compress, "xz")):
        assert told(pack(data), f"a.tar.{ending}") == wanted


@pytest.mark.parametrize("style", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
@pytest.mark.parametrize("at", [0, 1024])
def test_of_a_member_with_a_long_name_either_header_may_be_damaged(style, at):
    long = "x" * 120 + "/"
    data = packed(0, 1, 2, style=style, long=long)
    assert told(data) == [f"{long}{number}.txt" for number in range(3)]
    second = data.index(text(0)) + 1536
    found = told(written(data, second + at + 148, b"x"))
    assert (found[0], found[-2:]) == (f"{long}0.txt", [f"{long}2.txt", "broken-archive"])


def test_a_size_below_nothing_does_not_lead_back():
    header = written(WHOLE[THIRD : THIRD + 512], 124, b"\xff" * 10 + b"\xf0\0")
    total = sum(written(header, 148, b" " * 8))
    assert told(written(WHOLE, THIRD, written(header, 148, b"%06o\0 " % total))) == [*LEFT, "broken-archive"]


def test_what_is_damaged_is_told_with_its_place():
    damaged = written(WHOLE, THIRD, b"\xff" * 512)
    assert parsed(damaged, "a.tar")[-1].reason == (
        "is a damaged tar file: 2048 bytes at byte 4096 belong to no member; what was found beside them is read"
    )
    twice = parsed(written(damaged, 4 * MEMBER, b"\xff" * 512), "a.tar")[-1]
    assert twice.detail == {"found": "tar", "bytes": 4096, "position": 4096}
    assert "4096 bytes in 2 places from byte 4096 on belong to no member" in twice.reason
    assert "ends in the middle of a header of its tar data" in parsed(WHOLE[: THIRD + 300], "a.tar")[-1].reason


def test_of_a_compressed_tar_that_is_cut_off_whole_members_stay():
    def unlike(number):
        chance = random.Random(number)
        return " ".join(f"Ferry {chance.random()} closed." for _ in range(40)).encode()

    data = gzip.compress(packed(0, 1, 2, 3, text=unlike))
    assert told(data[:-250], "a.tar.gz") == ["truncated", "0.txt", "1.txt", "2.txt", "truncated"]


def test_a_header_is_looked_for_once_however_often_its_mark_stands_there():
    start = written(packed(0), 2048, b"\xff" * 512)[: 2048 + 512]
    few, many = (steps(lambda count=count: list(tars.members(start + b"ustar\00000" * count))) for count in (200, 800))
    assert many < 5 * few
    *_, damage = tars.members(start + b"ustar\00000" * 50 * tars.MOST_FALSE)
    assert damage == tars.Damage(512 + 400 * tars.MOST_FALSE, 1, 2048, False)


@pytest.mark.parametrize(
    ("data", "wanted", "place"),
    [
        (zipped(0) + zipped(1, 2), ["1.txt", "2.txt"], 0),
        (zipped(0, 1) + zipped(2) + zipped(3), ["3.txt"], 0),
        (zipped(0, 1) + zipped(2)[:-40], ["0.txt", "1.txt"], len(zipped(0, 1))),
        (zipped(0, 1), ["0.txt", "1.txt"], None),
    ],
)
def test_of_archives_one_behind_the_other_what_is_not_read_is_told(data, wanted, place):
    values = parsed(data, "a.zip")
    assert [value.origin.file_name.rpartition("/")[2] for value in values if not isinstance(value, Rejected)] == wanted
    lines = [value for value in values if isinstance(value, Rejected)]
    assert [(line.rule, line.detail["position"]) for line in lines] == [("broken-archive", place)] * (place is not None)
    assert all(f"holds a member at byte {place} that its directory does not list" in line.reason for line in lines)


def test_a_zip_with_data_behind_its_members_and_one_inside_is_whole():
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def seek(self, *_):
            raise io.UnsupportedOperation

    file = Pipe()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("inner.zip", zipped(1, 2))
        archive.writestr("3.txt", text(3))
    assert told(file.getvalue(), "a.zip") == ["news/1.txt", "news/2.txt", "3.txt"]
