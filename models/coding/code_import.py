from odoo import api, fields, models

from odoo.addons.billing_coordinator.tools import code_files

from .code_pair import SETTINGS


class BillingCodeImport(models.Model):
    """One loading of a published file: what it was, who loaded it, what became of it.

    Small files are loaded at once. Large ones wait for the scheduled action, which works in batches and says how far
    it has come; cut off, it begins again and finds what it has done already.
    """

    _name = "billing.code.import"
    _description = "Loading of a code file"
    _inherit = ["billing.state.gate"]
    _order = "id desc"

    _state_moves = {
        "waiting": ("running", "failed"),
        "running": ("done", "failed"),
        "failed": ("waiting",),
        "done": (),
    }

    name = fields.Char(
        string="File",
        required=True,
        readonly=True,
    )
    file = fields.Binary(
        string="Content",
        attachment=True,
        readonly=True,
        copy=False,
        help="Kept while the file waits to be loaded, and when it could not be.",
    )
    checksum = fields.Char(
        readonly=True,
        copy=False,
        help="Tells whether two files are the same (SHA-256).",
    )
    member = fields.Char(
        string="File in the archive",
        readonly=True,
    )
    format = fields.Selection(
        selection=lambda self: self._get_formats(),
        required=True,
        readonly=True,
    )
    system_id = fields.Many2one(
        comodel_name="billing.code.system",
        string="Code system",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    setting = fields.Selection(
        selection=SETTINGS,
        readonly=True,
    )
    kind = fields.Selection(
        selection=lambda self: self.env["billing.code"]._fields["kind"]._description_selection(self.env),
        string="Codes are",
        readonly=True,
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language of the texts",
        readonly=True,
        default="en_US",
    )
    edition = fields.Char(
        readonly=True,
    )
    date_from = fields.Date(
        string="Counts from",
        readonly=True,
        help="First date of service for which this edition counts.",
    )
    is_complete = fields.Boolean(
        string="Whole list",
        readonly=True,
        help="What this edition does not name any more has ended.",
    )
    skip_unreadable = fields.Boolean(
        string="Leave out unreadable lines",
        readonly=True,
    )
    may_end = fields.Boolean(
        string="Ends were looked at",
        readonly=True,
        help="Somebody saw how many codes the file ends. Otherwise it may not end a large part of a list.",
    )
    seal = fields.Char(
        readonly=True,
        copy=False,
        help="How the list stood when the file was loaded: tells whether anything was changed since.",
    )
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("running", "Loading"),
            ("done", "Loaded"),
            ("failed", "Not loaded"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
        copy=False,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Loaded by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    date_done = fields.Datetime(
        string="Loaded on",
        readonly=True,
        copy=False,
    )
    row_count = fields.Integer(
        string="Lines to load",
        readonly=True,
        copy=False,
    )
    row_done = fields.Integer(
        string="Lines done",
        readonly=True,
        copy=False,
    )
    progress = fields.Float(
        compute="_compute_progress",
    )
    new_count = fields.Integer(
        string="New",
        readonly=True,
        copy=False,
    )
    changed_count = fields.Integer(
        string="Changed",
        readonly=True,
        copy=False,
    )
    ended_count = fields.Integer(
        string="Ended",
        readonly=True,
        copy=False,
    )
    same_count = fields.Integer(
        string="As before",
        readonly=True,
        copy=False,
    )
    unreadable_count = fields.Integer(
        string="Unreadable",
        readonly=True,
        copy=False,
    )
    report = fields.Text(
        readonly=True,
        copy=False,
        help="What was done, or why it was not.",
    )

    _one_at_a_time = models.UniqueIndex(
        "(system_id) WHERE state IN ('waiting', 'running')",
        "A file for this list is being loaded already. Wait until it is done.",
    )

    @api.model
    def _get_formats(self):
        """The formats that can be loaded here: those whose rows we know what to do with."""
        names = self._get_format_words()
        return [(item.key, names[item.key]) for item in code_files.FORMATS if item.target in self._get_stages()]

    @api.depends("row_count", "row_done", "state")
    def _compute_progress(self):
        for loading in self:
            share = 100.0 * loading.row_done / loading.row_count if loading.row_count else 0.0
            loading.progress = 100.0 if loading.state == "done" else share

    # === ACTIONS === #

    def action_retry(self):
        """Try again what could not be loaded."""
        self.check_access("write")
        for loading in self:
            loading._set_state("waiting", report=False)
        self.env.ref("billing_coordinator.cron_load_codes")._trigger()

    def action_view_codes(self):
        """The codes of the list that the file was for."""
        self.ensure_one()
        return self.system_id.action_view_codes()
