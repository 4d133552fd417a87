"""Binary data: how it is told from text, and what it is."""

from allegedly.builders.sources.encodings import CONTROLS, HEAD, marked, wide

#: First bytes of what holds no text, and what it is.
SIGNATURES = (
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"\0\0\1\0", "an icon"),
    (b"8BPS", "a Photoshop image"),
    (b"OggS", "an Ogg file"),
    (b"ID3", "an MP3 file"),
    (b"fLaC", "a FLAC file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"\0\1\0\0\0", "a font"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\7", "a RAR archive"),
    (b"\4\x22\x4d\x18", "an LZ4 file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"\x80\2", "a pickle"),
    (b"\x80\3", "a pickle"),
    (b"\x80\4\x95", "a pickle"),
    (b"\x80\5\x95", "a pickle"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript file"),
)


def kind(head: bytes) -> str | None:
    """What a file is by its first bytes, where that is nothing to read as text; else None."""
    for signature, what in SIGNATURES:
        if head.startswith(signature):
            return what
    if (head[:4] == b"RIFF" and head[8:12] in (b"WEBP", b"WAVE", b"AVI ")) or head[4:8] == b"ftyp":
        return "a media file"
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return "a BMP image"
    return None


def controls(head: bytes) -> int:
    """How many bytes are control characters, where that is more than one in a hundred; else 0."""
    head = head[:HEAD]
    if marked(head) or wide(head):
        return 0
    count = len(head) - len(head.translate(None, CONTROLS))
    return count if count * 100 > len(head) else 0
