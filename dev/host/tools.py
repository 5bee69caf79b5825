"""The browser, the PDF printer, the PDF reader and fonts: the machine's own, else Debian's unpacked in the cache.

None of them is indispensable. One that cannot be had is named once, and the tests that need it are skipped with
that reason (which fails in CI).
"""

import os
import shutil
import subprocess
import time

from . import apt
from .console import SetupError, elapsed, note, step
from .paths import CACHE

HOME = CACHE / "tools"
ROOT = HOME / "root"
BIN = CACHE / "bin"
FONTS = ("fonts-liberation", "fonts-dejavu-core")
TRY_AGAIN_AFTER = 24 * 3600

# program: (Debian packages, where the program is in them, other names for the same program)
PROGRAMS = {
    "chromium": (["chromium", *FONTS], "usr/lib/chromium/chromium", ["google-chrome", "chromium-browser"]),
    "wkhtmltopdf": (["wkhtmltopdf", *FONTS], "usr/bin/wkhtmltopdf", []),
    "pdftoppm": (["poppler-utils"], "usr/bin/pdftoppm", []),
}
# No sandbox: root has none, and the pages are our own. The rest keeps the browser from calling anyone.
BROWSER_FLAGS = (
    "--no-sandbox --disable-quic --disable-background-networking --disable-component-update --disable-sync"
    " --no-first-run --disable-dev-shm-usage --disable-features=OptimizationHints,MediaRouter,Translate"
)
FONTCONFIG = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>{root}/usr/share/fonts</dir>
  <cachedir>{home}/fontconfig</cachedir>
  <include ignore_missing="yes">{etc}/fonts/conf.d</include>
</fontconfig>
"""


def ensure():
    """Look for each program, unpack it when it is missing, and try that it works."""
    BIN.mkdir(parents=True, exist_ok=True)
    (HOME / "runtime").mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in PROGRAMS:
        if (BIN / name).exists() or failed_lately(name):
            continue
        try:
            provide(name)
        except SetupError as error:
            (HOME / f"{name}.failed").touch()
            note(f"{name} cannot be had here ({error}); what needs it is skipped")


def failed_lately(name):
    """Whether the last attempt failed within the last day."""
    mark = HOME / f"{name}.failed"
    return mark.exists() and time.time() - mark.stat().st_mtime < TRY_AGAIN_AFTER


def provide(name):
    """Write a small script named after the program into the folder that comes first on the PATH."""
    packages, inside, aliases = PROGRAMS[name]
    started = time.monotonic()
    own = next(filter(None, map(shutil.which, [name, *aliases])), None)
    if own:
        step(f"{name}: {own}")
    else:
        step(f"{name}: Debian's package, unpacked into the cache")
        apt.SystemApt("system").unpack_missing(packages, ROOT)
        write_fontconfig()
    partial = BIN / f".{name}"
    partial.write_text(wrapper(own or ROOT / inside, browser=name == "chromium", unpacked=not own))
    partial.chmod(0o755)
    try_out(name, partial)
    for alias in aliases:
        (BIN / alias).unlink(missing_ok=True)
        (BIN / alias).symlink_to(name)
    partial.replace(BIN / name)
    note(f"done in {elapsed(started)}")


def wrapper(program, browser, unpacked):
    """A shell script that starts a program with the libraries, plug-ins and fonts it was unpacked with."""
    lines = ["#!/bin/sh"]
    if unpacked:
        found = {file.parent for file in ROOT.glob("usr/lib/*-linux-gnu/**/lib*.so*")}
        libraries = sorted(str(folder) for folder in found if "plugins" not in folder.parts)
        libraries += [str(folder) for folder in ROOT.glob("lib/*-linux-gnu")]
        plugins = ":".join(str(folder) for folder in ROOT.glob("usr/lib/*-linux-gnu/qt5/plugins"))
        lines.append(f'export LD_LIBRARY_PATH="{":".join(libraries)}"')
        lines.append(f'export FONTCONFIG_FILE="{HOME}/fonts.conf"')
        lines.append(f'export QT_PLUGIN_PATH="{plugins}"')
    lines.append(f'export QT_QPA_PLATFORM=offscreen XDG_RUNTIME_DIR="${{XDG_RUNTIME_DIR:-{HOME}/runtime}}"')
    lines.append(f'exec "{program}" {BROWSER_FLAGS if browser else ""} "$@"')
    return "\n".join(lines) + "\n"


def write_fontconfig():
    """Fonts of the machine and the unpacked ones."""
    etc = "/etc" if os.path.isdir("/etc/fonts/conf.d") else ROOT / "etc"
    (HOME / "fonts.conf").write_text(FONTCONFIG.format(root=ROOT, home=HOME, etc=etc))


def try_out(name, program):
    """Let the program do a small piece of its work."""
    page, pdf = HOME / "try.html", HOME / "try.pdf"
    page.write_text("<p>works</p>")
    arguments = {
        "chromium": ["--headless", "--disable-gpu", f"--user-data-dir={HOME / 'profile'}", "--dump-dom", page.as_uri()],
        "wkhtmltopdf": ["--quiet", page, pdf],
        "pdftoppm": ["-v"],
    }[name]
    try:
        done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SetupError(f"it does not start: {error}") from error
    finally:
        shutil.rmtree(HOME / "profile", ignore_errors=True)
    if done.returncode or (name == "chromium" and "works" not in done.stdout):
        raise SetupError(f"it does not work: {done.stderr[-500:].strip()}")
