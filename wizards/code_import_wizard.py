import base64
import io

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.billing_coordinator.models.coding.code_import_run import AT_ONCE
from odoo.addons.billing_coordinator.models.coding.code_pair import SETTINGS
from odoo.addons.billing_coordinator.tools import code_files


class BillingCodeImportWizard(models.TransientModel):
    """Load a published file: look what it is, see what it would change, then load it."""

    _name = "billing.code.import.wizard"
    _description = "Load codes from a file"

    file = fields.Binary(
        attachment=False,
        help="A file as its publisher gives it out, zipped or not: nothing has to be unpacked or converted.",
    )
    filename = fields.Char()
    format = fields.Selection(
        selection=lambda self: self.env["billing.code.import"]._get_formats(),
        compute="_compute_format",
        store=True,
        readonly=False,
        help="Found out by looking at the file.",
    )
    # What the file says of itself, apart from what somebody chose instead.
    found_format = fields.Char(
        compute="_compute_found",
        store=True,
    )
    found_setting = fields.Char(
        compute="_compute_found",
        store=True,
    )
    found_edition = fields.Char(
        compute="_compute_found",
        store=True,
    )
    found_date_from = fields.Date(
        compute="_compute_found",
        store=True,
    )
    found_name = fields.Char(
        string="File in the archive",
        compute="_compute_found",
        store=True,
    )
    members = fields.Char(
        string="Also in the archive",
        compute="_compute_found",
        store=True,
    )
    member = fields.Char(
        string="Take another one",
        help="The name of another file of the archive, where the one that was taken is not the one you want.",
    )
    system_id = fields.Many2one(
        comodel_name="billing.code.system",
        string="Code system",
        compute="_compute_system_id",
        store=True,
        readonly=False,
    )
    licence_note = fields.Text(
        related="system_id.licence_note",
    )
    target = fields.Char(
        compute="_compute_target",
    )
    setting = fields.Selection(
        selection=SETTINGS,
        string="Limits of",
        compute="_compute_setting",
        store=True,
        readonly=False,
    )
    kind = fields.Selection(
        selection=lambda self: self.env["billing.code"]._fields["kind"]._description_selection(self.env),
        string="Codes are",
        compute="_compute_kind",
        store=True,
        readonly=False,
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language of the texts",
        required=True,
        default="en_US",
        help="Another language adds translations; what stands there in other languages stays.",
    )
    edition = fields.Char(
        compute="_compute_edition",
        store=True,
        readonly=False,
        help="What the publisher calls it: a year, a version.",
    )
    date_from = fields.Date(
        string="Counts from",
        compute="_compute_date_from",
        store=True,
        readonly=False,
        help="First date of service for which this edition counts. New codes begin on this day, and what it drops ends "
        "on the day before. Empty: new codes count since ever, which helps with the very first edition when older "
        "services are still to be billed.",
    )
    is_complete = fields.Boolean(
        string="This is the whole list",
        compute="_compute_is_complete",
        store=True,
        readonly=False,
        help="What the file does not name any more has ended. Leave it off for a part of a list.",
    )
    skip_unreadable = fields.Boolean(
        string="Leave out unreadable lines",
        help="Otherwise a file with such lines is refused. Nothing is ended when lines are left out.",
    )
    problem = fields.Text(
        compute="_compute_found",
        store=True,
    )
    state = fields.Selection(
        selection=[("choose", "Choose a file"), ("preview", "Look what it changes")],
        default="choose",
        required=True,
    )
    new_count = fields.Integer(string="New", readonly=True)
    changed_count = fields.Integer(string="Changed", readonly=True)
    ending_count = fields.Integer(string="Ending", readonly=True)
    same_count = fields.Integer(string="As before", readonly=True)
    unreadable_count = fields.Integer(string="Unreadable", readonly=True)
    warning = fields.Text(
        readonly=True,
    )
    line_ids = fields.One2many(
        comodel_name="billing.code.import.wizard.line",
        inverse_name="wizard_id",
        string="For example",
        readonly=True,
    )

    # === COMPUTE METHODS === #

    @api.depends("file", "filename", "member")
    def _compute_found(self):
        importer = self.env["billing.code.import"]
        for wizard in self:
            wizard.problem = wizard.found_name = wizard.members = wizard.found_format = False
            wizard.found_setting = wizard.found_edition = wizard.found_date_from = False
            # An empty file has a name only.
            if not wizard.file and not wizard.filename:
                continue
            try:
                found = importer._detect(wizard._open(), wizard.filename or "", wizard.member or None)
            except UserError as error:
                wizard.problem = str(error)
                continue
            wizard.found_edition, wizard.found_date_from = found.edition
            wizard.found_setting = found.setting
            if found.members:
                wizard.found_name = found.name
                wizard.members = ", ".join(name for name in found.members if name != found.name)
            if found.format and found.format.target in importer._get_stages():
                wizard.found_format = found.format.key
            else:
                wizard.problem = self.env._(
                    "This looks like none of the files that can be loaded. Choose the format if you know it, or bring "
                    "the file into a table with the headings code, name and description."
                )

    @api.depends("found_format")
    def _compute_format(self):
        for wizard in self:
            wizard.format = wizard.found_format

    @api.depends("format")
    def _compute_system_id(self):
        for wizard in self:
            form = code_files.BY_KEY.get(wizard.format)
            wizard.system_id = (form and self.env["billing.code.import"]._find_system(form)) or wizard.system_id

    @api.depends("found_setting")
    def _compute_setting(self):
        for wizard in self:
            wizard.setting = wizard.found_setting

    @api.depends("found_edition")
    def _compute_edition(self):
        for wizard in self:
            wizard.edition = wizard.found_edition

    @api.depends("found_date_from")
    def _compute_date_from(self):
        for wizard in self:
            wizard.date_from = wizard.found_date_from

    @api.depends("format")
    def _compute_is_complete(self):
        for wizard in self:
            form = code_files.BY_KEY.get(wizard.format)
            wizard.is_complete = bool(form and form.is_complete)

    @api.depends("format")
    def _compute_target(self):
        for wizard in self:
            form = code_files.BY_KEY.get(wizard.format)
            wizard.target = form.target if form else False

    @api.depends("system_id")
    def _compute_kind(self):
        for wizard in self:
            wizard.kind = wizard.system_id.default_kind

    # === ACTIONS === #

    def action_preview(self):
        """Read the whole file and show what it would change."""
        self.ensure_one()
        counts, samples, unreadable = self.env["billing.code.import"].new(self._prepare_vals())._preview(self._open())
        explain = self.env["billing.code.import"]._explain
        lines = [
            {"what": "unreadable", "line": item.line, "text": explain(item)} for item in unreadable
        ] + [
            {"what": what, "line": line, "code": code, "text": text, "before": before}
            for what, line, code, text, before in samples
        ]
        self.write({
            "state": "preview",
            "new_count": counts.get("new", 0),
            "changed_count": counts.get("changed", 0),
            "ending_count": counts.get("ending", 0),
            "same_count": counts.get("same", 0),
            "unreadable_count": counts["unreadable"],
            "warning": counts.get("warning"),
            "line_ids": [fields.Command.clear(), *(
                fields.Command.create({**line, "sequence": number}) for number, line in enumerate(lines)
            )],
        })
        return self._reopen()

    def action_back(self):
        """Choose another file or other options."""
        self.write({"state": "choose"})
        return self._reopen()

    def action_import(self):
        """Load the file: at once, or by the scheduled action when it is large."""
        self.ensure_one()
        importer = self.env["billing.code.import"]
        vals = self._prepare_vals()
        rows = self.new_count + self.changed_count + self.same_count
        self.env["billing.code.system"].browse(vals["system_id"])._lock_for_loading()
        loading = importer.create([vals])
        if rows > AT_ONCE:
            loading.file = self.file
            self.env.ref("billing_coordinator.cron_load_codes")._trigger()
        else:
            loading._run(self._open())
        return loading._get_records_action(name=self.env._("Loaded file"))

    # === BUSINESS METHODS === #

    def _open(self):
        """The uploaded file; a form that reads sizes only would see no content."""
        return io.BytesIO(base64.b64decode(self.with_context(bin_size=False).file or b""))

    def _prepare_vals(self):
        """The values of the loading that was asked for.

        :raise UserError: no file, or nobody knows what it is
        """
        if not self.file and not self.filename:
            raise UserError(self.env._("Choose a file first."))
        return self.env["billing.code.import"]._prepare_vals(
            self._open(), self.filename or self.env._("file"), member=self.member or None, format=self.format or None,
            system=self.system_id or None, setting=self.setting or None, kind=self.kind or None, lang=self.lang,
            edition=self.edition or None, date_from=self.date_from, is_complete=self.is_complete,
            skip_unreadable=self.skip_unreadable, may_end=self.state == "preview",
        )

    def _reopen(self):
        """The same dialog again."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Load Codes"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
