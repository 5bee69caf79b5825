import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.billing_coordinator.tools import code_files

# What two loadings have in common when the second has nothing to do.
SAME_FILE = (
    "checksum", "member", "format", "setting", "kind", "lang", "edition", "date_from", "is_complete", "skip_unreadable",
)


class BillingCodeImport(models.Model):
    """The way in for scheduled actions and scripts; what a file says of itself."""

    _inherit = "billing.code.import"

    @api.model
    def _load_file(self, file, name, *, compare=False, **options):
        """Load a file at once: for scheduled actions and scripts, with the same result as the wizard.

        The same file again, after which nobody has touched the list, is not even read: it is known by its checksum.

        :param file: a binary file that can be read from anywhere
        :param str name: its name, which may say format and edition
        :param bool compare: read it line by line, though it is the same file
        :param options: ``system`` (a code system), ``format`` (key), ``member``, ``setting``, ``kind``, ``lang``,
            ``edition``, ``date_from``, ``is_complete``, ``skip_unreadable``: where the file does not say, or wrongly;
            ``may_end``: end whatever it does not name, however much that is
        :return: the loading, with what was done
        :raise UserError: the file cannot be loaded; the database is as it was
        """
        vals = self._prepare_vals(file, name, **options)
        self.env["billing.code.system"].browse(vals["system_id"])._lock_for_loading()
        before = self.browse() if compare else self._find_same(vals)
        loading = self.create([vals])
        if before:
            loading._finish_as(before)
        else:
            loading._run(file)
        return loading

    @api.model
    def _prepare_vals(self, file, name, **options):
        """The values of a loading of this file, with everything that the file says of itself filled in.

        :raise UserError: nobody knows what it is, or for which list
        """
        self.env["billing.code"].check_access("write")
        given = {key: value for key, value in options.items() if value is not None}
        found = self._detect(file, name, given.get("member"))
        form = code_files.BY_KEY.get(given.get("format")) or found.format
        if form is None or form.target not in self._get_stages():
            raise UserError(self.env._(
                "“%(file)s” looks like none of the files that can be loaded here. Say which format it is, or bring it "
                "into a table with the headings code, name, description.", file=name,
            ))
        system = given.get("system") or self._find_system(form)
        if not system:
            raise UserError(self.env._("“%(file)s” does not say for which list it is. Choose the list.", file=name))
        return {
            "name": name,
            "checksum": self._get_checksum(file),
            "member": found.name if found.members else False,
            "format": form.key,
            "system_id": system.id,
            "setting": given.get("setting") or found.setting or "practitioner",
            "kind": given.get("kind") or system.default_kind,
            "lang": given.get("lang") or "en_US",
            "edition": given.get("edition") or found.edition.name or name,
            "date_from": options.get("date_from", found.edition.date_from),
            "is_complete": given.get("is_complete", form.is_complete),
            "skip_unreadable": given.get("skip_unreadable", False),
            "may_end": given.get("may_end", False),
        }

    @api.model
    def _detect(self, file, name, member=None):
        """What a file is.

        :raise UserError: it is empty, or an archive that cannot be opened
        """
        try:
            return code_files.detect(file, name, member)
        except code_files.BadFileError as error:
            raise self._refusal(name, [error.unreadable], 1) from error

    @api.model
    def _find_system(self, form):
        """The code system that a format is for, by its short key."""
        keys = list(form.systems.values())
        return self.env["billing.code.system"].with_context(active_test=False).search(
            [("code", "=ilike", keys[0])], limit=1,
        ) if keys else self.env["billing.code.system"]

    @api.model
    def _get_checksum(self, file):
        """What tells two files apart."""
        file.seek(0)
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        return checksum

    # === THE SAME FILE AGAIN === #

    @api.model
    def _find_same(self, vals):
        """The loading of the same file in the same way, when it was the last one of its list and nothing changed since.

        :param vals: values of a loading, from :meth:`_prepare_vals`
        """
        last = self.search([("system_id", "=", vals["system_id"])], order="id desc", limit=1)
        if last.state != "done" or not last.seal:
            return self.browse()
        asked = self.new(vals)
        if any((asked[name] or False) != (last[name] or False) for name in SAME_FILE):
            return self.browse()
        return last if last.seal == last._prepare_stage().seal() else self.browse()

    def _finish_as(self, before):
        """Done, as nothing is to be done."""
        self._set_state("running")
        self._set_state(
            "done", row_count=before.row_count, row_done=before.row_count, same_count=before.row_count,
            unreadable_count=before.unreadable_count, seal=before.seal, date_done=fields.Datetime.now(),
            report=self.env._("This very file was the last one loaded, and nobody has changed the list since: nothing "
                              "was changed."),
        )
        self.flush_recordset()
