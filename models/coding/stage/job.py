from dataclasses import dataclass, field
from datetime import date as Date
from typing import Any

from odoo.tools import SQL

from odoo.addons.billing_coordinator.tools.code_files import Format


@dataclass(kw_only=True)
class Job:
    """What is to be loaded: the format, and what the file does not say itself."""

    env: Any
    format: Format
    system: Any
    setting: str = "practitioner"
    edition: str | None = None
    date_from: Date | None = None
    is_complete: bool = False
    kind: str = "procedure"
    lang: str = "en_US"
    preview: bool = False
    systems: dict = field(default_factory=dict)

    @property
    def all_systems(self):
        """Every list that the file is about."""
        return self.system.union(*self.systems.values())

    @property
    def start(self):
        """The first day of the edition, for SQL."""
        return SQL("%s::date", self.date_from)

    @property
    def stamp(self):
        """Who writes, and when: as the ORM would."""
        return SQL("%s, %s", self.env.uid, self.env.cr.now())
