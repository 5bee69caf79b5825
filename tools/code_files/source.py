"""The file as it came: bare, or in a zip as published; with limits, so that nothing small becomes something huge."""

import re
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import BinaryIO

from .rows import BadFileError, Head

MAX_MEMBERS = 200
MAX_BYTES = 1 << 30
# Text of fixed width with many blanks shrinks to a thirtieth; what shrinks much more is no list of codes.
MAX_RATIO = 200
# Small files may shrink as much as they like.
RATIO_FROM = 1 << 20
HEAD_BYTES = 1 << 16
HEAD_LINES = 200
CHUNK = 1 << 18
READABLE = re.compile(r"\.(txt|csv|tsv|xml|xlsx)$", re.IGNORECASE)
SPREADSHEET_PARTS = "[Content_Types].xml"


def list_members(file: BinaryIO) -> list[str]:
    """The names of the readable files of a zip; empty when the file is none (a spreadsheet is none either).

    :raise BadFileError: too many or too big files in it, or it is broken or locked
    """
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        file.seek(0)
        return []
    with open_zip(file) as archive:
        infos = archive.infolist()
        check_limits(infos)
        names = [info.filename for info in infos]
        if SPREADSHEET_PARTS in names:
            file.seek(0)
            return []
        readable = [name for name in names if READABLE.search(name) and not name.startswith("__MACOSX/")]
    file.seek(0)
    if not readable:
        raise BadFileError(1, "zip_nothing")
    return readable


@contextmanager
def open_zip(file):
    """A zip file, its complaints in our words."""
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zipfile.zlib.error) as error:
        raise BadFileError(1, "zip_broken", message=str(error)) from error
    except RuntimeError as error:
        raise BadFileError(1, "zip_locked") from error


def check_limits(infos):
    """Refuse what would unpack to more than a list of codes can be.

    :raise BadFileError: too many files, too many bytes, or too good a ratio
    """
    if len(infos) > MAX_MEMBERS:
        raise BadFileError(1, "zip_members", count=len(infos), limit=MAX_MEMBERS)
    total = sum(info.file_size for info in infos)
    if total > MAX_BYTES:
        raise BadFileError(1, "zip_size", size=total, limit=MAX_BYTES)
    for info in infos:
        if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise BadFileError(1, "zip_ratio", name=info.filename, limit=MAX_RATIO)


@contextmanager
def open_member(file: BinaryIO, name: str):
    """One file of a zip, unpacked to the disk: memory does not grow with it.

    What the directory of the zip says of sizes is not believed: unpacking stops at the limit.
    """
    with open_zip(file) as archive, tempfile.TemporaryFile() as unpacked:
        try:
            member = archive.open(name)
        except KeyError as error:
            raise BadFileError(1, "zip_missing", name=name) from error
        with member:
            size = 0
            while chunk := member.read(CHUNK):
                size += len(chunk)
                if size > MAX_BYTES:
                    raise BadFileError(1, "zip_size", size=size, limit=MAX_BYTES)
                unpacked.write(chunk)
        unpacked.seek(0)
        yield unpacked


def read_head(file: BinaryIO, name: str) -> Head:
    """The beginning of a file; leaves it at its start."""
    file.seek(0)
    start = file.read(HEAD_BYTES)
    file.seek(0)
    text = start.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    lines = [line for line in text.splitlines()[:HEAD_LINES] if line.strip()]
    # The last line of a long file is cut by our own reading.
    return Head(PurePosixPath(name).name, start, lines[:-1] if len(start) == HEAD_BYTES and len(lines) > 1 else lines)
