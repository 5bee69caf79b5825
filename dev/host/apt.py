"""Debian packages without touching the system: private lists, verified downloads, unpacked into the cache."""

import os
import re
import shutil
import time
from pathlib import Path

from .console import SetupError, note, run
from .paths import CACHE

KEYRINGS = ("/usr/share/keyrings/debian-archive-keyring.gpg", "/usr/share/keyrings/debian-archive-keyring.pgp")
LISTS_STAY_FRESH = 12 * 3600


class Apt:
    """apt-get with its own lists and cache. Signatures are verified by apt as usual."""

    def __init__(self, name):
        self.home = CACHE / "apt" / name
        self.options = [
            ("Dir::State::lists", self.home / "lists"),
            ("Dir::Cache", self.home / "cache"),
            ("Acquire::Languages", "none"),
            ("Acquire::Retries", "3"),
            ("APT::Sandbox::User", "root"),
        ]

    def command(self, *arguments):
        """The command line of one apt-get call."""
        options = [word for key, value in self.options for word in ("-o", f"{key}={value}")]
        return ["apt-get", "-q", *options, *arguments]

    def update(self):
        """Read the package lists, unless that was done a short while ago."""
        stamp = self.home / "updated"
        if stamp.exists() and time.time() - stamp.stat().st_mtime < LISTS_STAY_FRESH:
            return
        for folder in ("lists/partial", "cache/archives/partial"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        run(self.command("update"))
        stamp.touch()

    def unpack(self, packages, target):
        """Download packages and unpack them into `target`; their maintainer scripts do not run.

        Returns the names of the package files, which carry their versions.
        """
        downloads = self.home / "downloads"
        shutil.rmtree(downloads, ignore_errors=True)
        downloads.mkdir(parents=True)
        run(self.command("download", *packages), cwd=downloads)
        target.mkdir(parents=True, exist_ok=True)
        files = sorted(downloads.glob("*.deb"))
        for file in files:
            run(["dpkg-deb", "-x", file, target])
        shutil.rmtree(downloads)
        return [file.name for file in files]


class SuiteApt(Apt):
    """Other suites of the mirror that this machine's own apt uses."""

    def __init__(self, name, suites):
        super().__init__(name)
        self.suites = suites
        self.options += [
            ("Dir::Etc::sourcelist", self.home / "mirror.sources"),
            ("Dir::Etc::sourceparts", "/dev/null"),
            ("Dir::State::status", self.home / "status"),
        ]

    def update(self):
        """Find a mirror that carries the suites, and read its lists."""
        self.home.mkdir(parents=True, exist_ok=True)
        (self.home / "status").touch()
        if (self.home / "updated").exists():
            return super().update()
        keyring = next((path for path in KEYRINGS if Path(path).exists()), None)
        for mirror in mirrors():
            lines = ["Types: deb", f"URIs: {mirror}", f"Suites: {' '.join(self.suites)}", "Components: main"]
            lines += [f"Signed-By: {keyring}"] if keyring else []
            (self.home / "mirror.sources").write_text("\n".join(lines) + "\n")
            try:
                return super().update()
            except SetupError:
                note("this mirror does not carry the suite; trying the next one of apt's configuration")
        raise SetupError("No Debian mirror in this machine's apt configuration carries what is needed.")


class SystemApt(Apt):
    """The machine's own suites, for packages that it lacks."""

    def unpack_missing(self, packages, target):
        """Unpack packages, and whatever they depend on that is not installed, into `target`."""
        self.update()
        plan = run(self.command("install", "--print-uris", "--yes", "--no-install-recommends", *packages))
        names = re.findall(r"^'[^']+' ([^_\s]+)_\S+ \d+", plan, re.MULTILINE)
        return self.unpack(sorted(set(names) - {"libc6", "libc-bin"}), target)


def available():
    """Whether this machine has Debian's package tools."""
    return bool(shutil.which("apt-get") and shutil.which("dpkg-deb"))


def mirrors():
    """The mirrors in the machine's apt configuration, security archives last."""
    if not available():
        raise SetupError("apt-get and dpkg-deb are needed here. With an Odoo 19 source tree, set ODOO_HOME.")
    uris = run(["apt-get", "update", "--print-uris"], env={**os.environ, "LC_ALL": "C"})
    found = re.findall(r"^'(\S+)/dists/[^']+/InRelease'", uris, re.MULTILINE)
    return sorted(dict.fromkeys(found), key=lambda uri: "security" in uri)
