"""Documents that are zip archives: their members, read within the bounds of one input file.

Conventions: nothing is extracted, no name is taken for a path. ``what`` names the format in verdicts.
"""

import io
import lzma
import zipfile
import zlib

from allegedly.builders.sources.limits import Limits, Refused, over
from allegedly.builders.sources.recognition import RawFile


class Zipped:
    """The members of a document, by name. Refused where it cannot be opened or passes a limit."""

    def __init__(self, data: bytes, what: str, limits: Limits) -> None:
        self.what, self.limits = what, limits
        self.expanded = 0
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError) as error:
            reason = f"is a broken {what} document, probably cut off: {error}; fetch or save it again"
            raise Refused("broken-archive", reason, found=what) from error
        self.members = {member.filename: member for member in self.archive.infolist()}
        if len(self.members) > limits.members:
            raise over("members-limit", "the number of its members", limits.members, len(self.members))

    def read(self, name: str) -> bytes | None:
        """The bytes of a member; None where there is none of that name."""
        member = self.members.get(name)
        if member is None:
            return None
        if member.flag_bits & 1:
            raise self.locked()
        left = self.limits.expanded_bytes - self.expanded
        try:
            with self.archive.open(member) as file:
                data = file.read(left + 1)
        except NotImplementedError as error:
            reason = f"is a {self.what} document compressed in a way that is not read: {error}"
            raise Refused("unknown-format", reason, found=self.what) from error
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError) as error:
            reason = f"is a broken {self.what} document: its member {name} cannot be read: {error}"
            raise Refused("broken-archive", reason[:300], found=self.what) from error
        if len(data) > left:
            raise over("expanded-bytes-limit", "what it expands to", self.limits.expanded_bytes)
        self.expanded += len(data)
        return data

    def needed(self, name: str) -> bytes:
        """The bytes of a member without which there is no document."""
        data = self.read(name)
        if data is None:
            reason = f"is no {self.what} document: it has no member {name[:100]}"
            raise Refused("unknown-format", reason, found=self.what)
        return data

    def locked(self) -> Refused:
        """The verdict on a document that a password locks."""
        reason = f"is a {self.what} document locked with a password; save it without one first"
        return Refused("encrypted", reason, found=self.what)


def first_member(raw: RawFile, kind: str) -> bool:
    """Whether the archive begins with a member ``mimetype`` that, uncompressed, begins with a media type."""
    return raw.data[30:38] == b"mimetype" and raw.data[38:].startswith(kind.encode())


def cut_off(raw: RawFile, endings: tuple[str, ...]) -> bool:
    """Whether a file named as a document begins as a zip archive, but lost the directory of its members."""
    return raw.archive == "zip" and not raw.members and raw.ending in endings
