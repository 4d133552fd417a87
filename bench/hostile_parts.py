"""What hostile files are made of: stories, pages, records, archives.

Conventions: every story differs from every other, so that no file is a copy.
"""

import gzip
import io
import json
import struct
import tarfile
import warnings
import zipfile
import zlib

import pyarrow as pa

STORY = (
    "A ferry with {n} people on board ran aground off Estrand on Tuesday morning, the coast guard said. Nobody was hurt, "
    "according to the operator, and the passengers were taken ashore in two lifeboats by noon.\n\n"
    "“We heard a long scrape and then it was quiet,” said Ida Brandt, who was on her way to work in the town. The ferry "
    "may be freed with the next tide, the harbour master said on Wednesday.\n"
)
RUSSIAN = (
    "Паром с {n} пассажирами сел на мель у берега во вторник утром, сообщила береговая охрана. Никто не пострадал.\n"
)
JAPANESE = (
    "フェリーが火曜日の朝に座礁したと沿岸警備隊が発表した。乗客{n}人にけがはなかった。船は水曜日に港へ戻る予定だ。\n"
)
CHINESE = "海岸警卫队说,一艘载有{n}人的渡轮周二上午搁浅。没有人受伤,乘客已经安全上岸。渡轮将于周三返回港口。\n"
FRENCH = "Un ferry avec {n} personnes à bord s’est échoué mardi, a indiqué la préfecture. « Personne n’a été blessé », dit-elle.\n"


_numbers = iter(range(1000, 10_000))


def story(pattern: str = STORY) -> str:
    """A text that no other case has."""
    return pattern.format(n=next(_numbers))


def page(body: str | None = None, *, head: str = "", title: str = "Ferry runs aground off Estrand") -> str:
    """A page with an article, or with another body."""
    if body is None:
        body = "".join(f"<p>{paragraph}</p>" for paragraph in story().split("\n\n"))
    return (
        f'<!DOCTYPE html><html lang="en"><head>{head}<title>{title}</title></head><body><article><h1>{title}</h1>'
        f"{body}</article></body></html>"
    )


def record(**more: object) -> str:
    """A JSON object with an article."""
    return json.dumps({"title": "Ferry runs aground", "text": story(), **more})


def warc(number: int, length: int | None = None, body: str | None = None, version: bytes = b"WARC/1.0") -> bytes:
    """A record of a web archive."""
    payload = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + (body or page()).encode()
    head = (
        b"%s\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:%d>\r\nWARC-Target-URI: http://harbour.example/%d\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n"
    )
    return head % (version, number, number, len(payload) if length is None else length) + payload + b"\r\n\r\n"


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def tarred(*members: tuple[str, bytes, bytes], mode: str = "w") -> bytes:
    """A tar archive of members with name, data and type."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:
        for name, data, kind in members:
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname = kind, len(data), "/etc/passwd"
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def zstd(data: bytes) -> bytes:
    """Zstandard data."""
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    return sink.getvalue().to_pybytes()


def pdf(text: str = "", *, pages: int = 1, kids: str | None = None, cut: int = 0) -> bytes:
    """A PDF that shows a text."""
    lines = "".join(f"({line}) Tj T* " for line in text.split("\n"))
    content = f"BT /F1 12 Tf 14 TL 50 700 Td {lines}ET".encode("latin-1", "replace")
    kids = kids or " ".join(f"{4 + number} 0 R" for number in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {4 + pages} 0 R >>".encode()
            for _ in range(pages)
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, value in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out[: len(out) - cut])


def rss(*items: str, head: str = '<?xml version="1.0"?>') -> str:
    """A feed."""
    return f"{head}<rss version='2.0'><channel><title>Harbour Post</title>{''.join(items)}</channel></rss>"


def item(text: str | None = None, more: str = "") -> str:
    """An entry of a feed."""
    return f"<item><title>Ferry runs aground</title><description>{text or story()}</description>{more}</item>"


def deflated(count: int) -> bytes:
    """So many zeros in gzip data."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(squeeze.compress(bytes(1 << 20)) for _ in range(count >> 20)), squeeze.flush()])


def lying_zip() -> bytes:
    """An archive that says of a large member that it is small."""
    data = bytearray(zipped(("a.txt", story().encode()), ("b.txt", bytes(300 << 20))))
    place = data.find(b"PK\1\2", data.find(b"PK\1\2") + 1)
    data[place + 24 : place + 28] = struct.pack("<I", 10)
    return bytes(data)


def overlapping_zip() -> bytes:
    """An archive of two members at one place."""
    data = bytearray(zipped(("a.txt", story().encode()), ("b.txt", story().encode())))
    first = data.find(b"PK\1\2")
    second = data.find(b"PK\1\2", first + 1)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    return bytes(data)


def boxed(times: int) -> bytes:
    """An archive in an archive, so many times."""
    data = zipped(("a.txt", story().encode()))
    for _ in range(times):
        data = zipped(("inner.zip", data), method=zipfile.ZIP_STORED)
    return data


def laughs() -> str:
    """The billion laughs."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "lol">{entities}]><rss><channel>&l9;</channel></rss>'


def pdf_bomb() -> bytes:
    """A PDF whose page expands to 300 MiB."""
    packed = zlib.compress(bytes(300 << 20), 9)
    body = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
    plain = pdf("Ferry")
    start = plain.index(b"<< /Length")
    return plain[:start] + body + plain[plain.index(b"endstream") + 9 :]


def same_names() -> bytes:
    """An archive of two members of one name."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive, warnings.catch_warnings(action="ignore"):
        for _ in range(2):
            archive.writestr("a.txt", story())
    return file.getvalue()


def gzips() -> bytes:
    """Gzip data in gzip data, 250 times."""
    data = story().encode()
    for _ in range(250):
        data = gzip.compress(data, 0)
    return data


def encrypted_pdf() -> bytes:
    """A PDF that wants a password."""
    from pypdf import PdfWriter

    writer, file = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(file)
    return file.getvalue()
