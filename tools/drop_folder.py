"""Files laid down in a folder from which another program takes them away: whole, and each of them once.

The other program may be quick: what is no longer there may be on its way already. So three steps leave a trace each:
the file under a hidden name, a hidden mark with its checksum, the file's own name. Whoever is stopped between two of
them goes on where it was; a mark without a hidden file means that the file has been there.
"""

import os
import re
from hashlib import sha256
from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,119}")
PLACEHOLDERS = ("number", "date", "submitter")


class DropError(Exception):
    """A file cannot be laid down.

    ``reason`` is one of ``relative``, ``no_root``, ``outside``, ``missing``, ``not_writable``, ``other`` (a file of
    this name with another content was there before), ``name`` and ``failed`` (``detail`` says what the system says).
    """

    def __init__(self, reason: str, detail: str = ""):
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


def check_folder(path: str, root: str) -> Path:
    """The folder itself, links followed.

    :param path: an absolute path
    :param root: the folder below which the server's administrator allows it; empty: nowhere
    :raises DropError: it is no folder to which we may write, or stands elsewhere
    """
    if not os.path.isabs(path):
        raise DropError("relative")
    if not root or not os.path.isabs(root):
        raise DropError("no_root")
    folder, allowed = Path(os.path.realpath(path)), Path(os.path.realpath(root))
    if allowed == Path(allowed.anchor) or allowed not in folder.parents:
        raise DropError("outside")
    if not folder.is_dir():
        raise DropError("missing")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise DropError("not_writable")
    return folder


def make_name(pattern: str, number: str, date: str = "", submitter: str = "") -> str:
    """The name of a file: the pattern with its placeholders filled in.

    :param pattern: with ``{number}`` in it, and perhaps ``{date}`` and ``{submitter}``
    :raises DropError: no control number would stand in it, or no name of a file would come out
    """
    if "{number}" not in pattern:
        raise DropError("name")
    values = {"number": number, "date": date, "submitter": re.sub(r"[^A-Za-z0-9_-]", "", submitter)}
    name = pattern
    for placeholder in PLACEHOLDERS:
        name = name.replace(f"{{{placeholder}}}", values[placeholder])
    if not NAME.fullmatch(name):
        raise DropError("name", name)
    return name


def was_dropped(folder: Path, name: str) -> bool:
    """Whether a file of this name has been laid down in the folder, be it taken away since."""
    return _get_mark(folder, name).exists() and not _get_part(folder, name).exists()


def drop(folder: Path, name: str, content: bytes) -> bool:
    """Lay a file down, whole and once.

    :param folder: from :func:`check_folder`
    :param name: from :func:`make_name`
    :return: whether it was done now; not, if this very file has been there before
    :raises DropError: another file had this name before, or the system refuses
    """
    checksum = sha256(content).hexdigest()
    final, part, mark = folder / name, _get_part(folder, name), _get_mark(folder, name)
    try:
        if mark.exists():
            if mark.read_text("ascii").strip() != checksum:
                raise DropError("other", name)
            if not part.exists():
                return False
        elif final.exists():
            if sha256(final.read_bytes()).hexdigest() != checksum:
                raise DropError("other", name)
            _write(mark, checksum.encode())
            return False
        # What somebody was stopped in the middle of is written anew.
        _write(part, content)
        if not mark.exists():
            _write(mark, checksum.encode())
        part.rename(final)
        _sync(folder)
    except OSError as error:
        raise DropError("failed", error.strerror or str(error)) from error
    return True


def _get_part(folder, name):
    return folder / f".{name}.part"


def _get_mark(folder, name):
    return folder / f".{name}.done"


def _write(path, content):
    """Write a file that is whole whenever it is seen as a mark: through a name of its own."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o640)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _sync(path.parent)


def _sync(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
