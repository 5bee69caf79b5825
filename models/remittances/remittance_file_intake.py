import hashlib
import logging
import os
from base64 import b64encode
from pathlib import Path

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools.misc import format_datetime

_logger = logging.getLogger(__name__)

# The admin's setting; nobody else says which folders of the server are read.
FOLDER_PARAMETER = "billing_coordinator.remittance_folder"
DONE = "done"
# What is being written there has such a name until it is complete.
UNFINISHED = (".", "~")
UNFINISHED_ENDS = (".tmp", ".part", ".partial", ".filepart", ".crdownload")
LARGEST = 200_000_000


class BillingRemittanceFile(models.Model):
    """How files come in: brought by somebody, or fetched by an admin's transfer into a folder. Each is taken once."""

    _inherit = "billing.remittance.file"

    # === TAKING IN === #

    @api.model
    def _take_in(self, name, content, source="upload"):
        """Keep a file, once.

        :param str name: its name
        :param bytes content: the file itself
        :return: (the file, whether it is new here)
        :raise UserError: it is empty
        :raise ConcurrencyError: another session takes in the same one; Odoo begins this request anew
        """
        if not content.strip():
            raise UserError(self.env._(
                "“%(file)s” is empty. Ask whoever sent it for the file again.", file=name,
            ))
        checksum = hashlib.sha256(content).hexdigest()
        company = self.env.company
        if earlier := self._find_same(company, checksum):
            return earlier, False
        try:
            with self.env.cr.savepoint():
                file = self.sudo().create({
                    "name": name,
                    "company_id": company.id,
                    "checksum": checksum,
                    "size": len(content),
                    "source": source,
                    "user_id": self.env.uid,
                    "segment_count": max(content.count(b"~"), content.count(b"\n"), 1),
                    "file": b64encode(content),
                }).sudo(False)
        except UniqueViolation as error:
            # Somebody else has brought it at this moment: begun anew, this session sees that one.
            raise ConcurrencyError(name) from error
        return file, True

    @api.model
    def _find_same(self, company, checksum):
        return self.sudo().search([("company_id", "=", company.id), ("checksum", "=", checksum)], limit=1).sudo(False)

    @api.model
    def _take_in_all(self, named):
        """Take in several files and read them; of those that are here already, say so on the first.

        :param named: (name, content) pairs
        :return: the files, new or found
        """
        files, new = self.browse(), self.browse()
        for name, content in named:
            file, is_new = self._take_in(name, content)
            files |= file
            if is_new:
                new |= file
            elif file not in new:
                file._say_again(name)
        new._read_or_leave()
        return files

    def _say_again(self, name):
        """Note on the first one that the same file came again."""
        self.sudo()._message_log(body=self.env._(
            "“%(name)s” is the same file, brought again by %(user)s. Nothing was changed: it is here since %(date)s.",
            name=name,
            user=self.env.user.name,
            date=format_datetime(self.env, self.create_date, dt_format="short"),
        ))

    # === THE FOLDER === #

    @api.model
    def _get_folder(self):
        """The folder that the admin's transfer fills, or None where none is set."""
        root = self.env["ir.config_parameter"].sudo().get_param(FOLDER_PARAMETER)
        return Path(root) if root and os.path.isabs(root) else None

    @api.model
    def _get_folders(self):
        """[(company, folder)]: the folder is the first company's, one in it named by a company's id is that one's."""
        root = self._get_folder()
        if root is None:
            return []
        companies = self.env["res.company"].sudo().search([], order="id")
        if not root.is_dir():
            _logger.warning("Remittance files: the folder %s is not there, or may not be read.", root)
            return []
        own = [(company, root / str(company.id)) for company in companies]
        return [(companies[0], root), *((company, folder) for company, folder in own if folder.is_dir())]

    @api.model
    def _cron_pick_up(self):
        """Take in what lies in the folders, and put it into their folders ``done``; killed in between, it is found to
        be here and only put away."""
        progress = self.env["ir.cron"]._commit_progress
        waiting = [
            (company, path) for company, folder in self._get_folders()
            for path in sorted(folder.iterdir()) if self._is_complete(path)
        ]
        progress(remaining=len(waiting))
        for company, path in waiting:
            try:
                self.with_company(company)._pick_up(path)
            except (OSError, UserError, ConcurrencyError) as error:
                _logger.warning("Remittance files: %s stays where it is: %s", path, error)
                self.env.cr.rollback()
            if not progress(1):
                return
        if waiting:
            self.env.ref("billing_coordinator.cron_read_remittances")._trigger()

    @api.model
    def _is_complete(self, path):
        """Whether this is a file that is there wholly; links are not followed, they may lead anywhere."""
        name = path.name
        return (
            not name.startswith(UNFINISHED) and not name.lower().endswith(UNFINISHED_ENDS)
            and not path.is_symlink() and path.is_file() and path.stat().st_size <= LARGEST
        )

    @api.model
    def _pick_up(self, path):
        """Take in one file of the folder, and put it away when that is safe."""
        file, is_new = self._take_in(path.name, path.read_bytes(), source="folder")
        if not is_new:
            file._say_again(path.name)
        # What is put away is in the database for good.
        self.env["ir.cron"]._commit_progress()
        done = path.parent / DONE
        done.mkdir(exist_ok=True)
        target = done / path.name
        if target.exists():
            target = done / f"{path.stem} {file.id} {file.checksum[:8]}{path.suffix}"
        os.replace(path, target)
