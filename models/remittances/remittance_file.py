from odoo import api, fields, models
from odoo.exceptions import UserError


class BillingRemittanceFile(models.Model):
    """A file in which payers say what they paid, and why not more (X12 835): where it came from, what became of it.

    It is kept as it came. Small files are read when they arrive, large ones wait for the scheduled action, which reads
    them in batches; cut off, it goes on where it was.
    """

    _name = "billing.remittance.file"
    _description = "Remittance file"
    _inherit = ["billing.state.gate", "mail.thread"]
    _order = "id desc"
    _rec_names_search = ["name"]
    _keeps_readonly = True

    _state_moves = {
        "new": ("reading", "refused"),
        "reading": ("read", "refused"),
        "read": (),
        "refused": ("new",),
    }

    name = fields.Char(
        string="File",
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    file = fields.Binary(
        string="Content",
        attachment=True,
        readonly=True,
        copy=False,
    )
    checksum = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        help="Tells whether two files are the same (SHA-256).",
    )
    size = fields.Integer(
        string="Bytes",
        readonly=True,
    )
    source = fields.Selection(
        selection=[
            ("upload", "Uploaded"),
            ("folder", "Picked up from the folder"),
        ],
        string="Came by",
        required=True,
        readonly=True,
        default="upload",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Brought by",
        readonly=True,
        default=lambda self: self.env.user,
    )
    state = fields.Selection(
        selection=[
            ("new", "Waiting"),
            ("reading", "Being read"),
            ("read", "Read"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="new",
        index=True,
        copy=False,
        tracking=True,
    )
    position = fields.Integer(
        string="Read up to segment",
        readonly=True,
        copy=False,
        help="What stands before this segment is stored. Cut off, reading goes on behind it.",
    )
    segment_count = fields.Integer(
        string="Segments",
        readonly=True,
        copy=False,
    )
    progress = fields.Float(
        compute="_compute_progress",
    )
    refusal = fields.Text(
        string="Why it was refused",
        readonly=True,
        copy=False,
    )
    faults = fields.Json(
        string="Faults read",
        readonly=True,
        copy=False,
    )
    fault_count = fields.Integer(
        string="Faults",
        readonly=True,
        copy=False,
    )
    fault_text = fields.Text(
        string="What is wrong in it",
        compute="_compute_fault_text",
    )
    transaction_ids = fields.One2many(
        comodel_name="billing.remittance.transaction",
        inverse_name="file_id",
        string="Payments",
        readonly=True,
    )
    item_ids = fields.One2many(
        comodel_name="billing.remittance.item",
        inverse_name="file_id",
        string="Claims",
        readonly=True,
    )
    transaction_count = fields.Integer(
        string="Payments in it",
        compute="_compute_counts",
    )
    item_count = fields.Integer(
        string="Claims in it",
        compute="_compute_counts",
    )
    posted_count = fields.Integer(
        string="Posted",
        compute="_compute_counts",
    )
    waiting_count = fields.Integer(
        string="To look at",
        compute="_compute_counts",
    )
    unsorted_count = fields.Integer(
        string="Still to be looked for",
        compute="_compute_counts",
    )
    following_count = fields.Integer(
        string="Still to be posted",
        compute="_compute_counts",
        help="Claims of large payments that are found, and follow upon the first part.",
    )
    held_count = fields.Integer(
        string="Held",
        compute="_compute_counts",
    )
    outcome = fields.Char(
        string="What became of it",
        compute="_compute_outcome",
    )

    _once = models.UniqueIndex(
        "(company_id, checksum)",
        "This very file is here already. Nothing was changed.",
    )

    # === COMPUTE METHODS === #

    @api.depends("position", "segment_count", "state")
    def _compute_progress(self):
        for file in self:
            share = 100.0 * file.position / file.segment_count if file.segment_count else 0.0
            file.progress = 100.0 if file.state == "read" else min(share, 99.0)

    @api.depends("faults")
    @api.depends_context("lang")
    def _compute_fault_text(self):
        for file in self:
            file.fault_text = "\n".join(file._tell_fault(fault) for fault in (file.faults or [])[:50])

    @api.depends("transaction_ids.state", "item_ids.state")
    def _compute_counts(self):
        payments = self._count("billing.remittance.transaction")
        items = self._count("billing.remittance.item")
        for file in self:
            of_payments, of_items = payments.get(file.id, {}), items.get(file.id, {})
            file.transaction_count = sum(of_payments.values())
            file.held_count = of_payments.get("held", 0)
            file.item_count = sum(of_items.values())
            file.posted_count = of_items.get("posted", 0)
            file.waiting_count = of_items.get("waiting", 0)
            file.unsorted_count = of_items.get("new", 0) if of_payments.get("ready") else 0
            file.following_count = of_items.get("matched", 0) if of_payments.get("posted") else 0

    def _count(self, model):
        """{file id: {state: how many}}, in one query."""
        found = {}
        for file, state, count in self.env[model]._read_group(
            [("file_id", "in", self.ids)], ["file_id", "state"], ["__count"],
        ):
            found.setdefault(file.id, {})[state] = count
        return found

    @api.depends("state", "refusal", "transaction_ids.state", "item_ids.state")
    @api.depends_context("lang")
    def _compute_outcome(self):
        for file in self:
            words = []
            if file.posted_count:
                words.append(
                    file.env._("1 claim posted") if file.posted_count == 1
                    else file.env._("%(count)s claims posted", count=file.posted_count)
                )
            if file.following_count:
                words.append(file.env._("%(count)s being posted", count=file.following_count))
            if file.waiting_count:
                words.append(file.env._("%(count)s to look at", count=file.waiting_count))
            if file.held_count:
                words.append(
                    file.env._("1 payment held") if file.held_count == 1
                    else file.env._("%(count)s payments held", count=file.held_count)
                )
            if file.state == "refused":
                words = [file.refusal or ""]
            elif file.state == "read" and file.unsorted_count:
                words.insert(0, file.env._(
                    "Being posted: %(done)s of %(count)s claims looked for",
                    done=file.item_count - file.unsorted_count, count=file.item_count,
                ))
            elif file.state == "read" and not words:
                words = [file.env._("Nothing to post")]
            file.outcome = ", ".join(words)

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_read(self):
        for file in self:
            if file.transaction_ids:
                raise UserError(self.env._(
                    "%(file)s was read, and what it says is kept: so that the same answer is not posted twice. It "
                    "cannot be deleted.", file=file.name,
                ))

    # === ACTIONS === #

    def create_document_from_attachment(self, attachment_ids=None):
        """Take in files dropped on the list: called by the screen, for no record in particular.

        :param list attachment_ids: ids of the attachments that the browser has just made
        :return: the action that shows what became of them
        """
        self.check_access("write")
        attachments = self.env["ir.attachment"].browse(attachment_ids or [])
        attachments.check_access("read")
        loose = attachments.filtered(
            lambda attachment: attachment.create_uid == self.env.user and not attachment.res_id,
        )
        files = self._take_in_all([(attachment.name, attachment.raw or b"") for attachment in loose])
        loose.unlink()
        return self._show(files)

    def action_retry(self):
        """Read again what was refused: the office, or this program, may know more by now."""
        self.check_access("write")
        for file in self.sudo():
            file._set_state("new", refusal=False, position=0)
        self._read_or_leave()

    def action_read(self):
        """Read what waits and post what can be posted: a small file at once, a large one in the background."""
        self.check_access("write")
        self._read_or_leave()

    def action_view_items(self):
        """The claims that the file tells of."""
        return self._view(
            "billing_coordinator.billing_remittance_item_action_all", [("file_id", "in", self.ids)],
        )

    def action_view_waiting(self):
        """The claims of the file at which somebody has to look."""
        return self._view(
            "billing_coordinator.billing_remittance_item_action",
            [("file_id", "in", self.ids), ("state", "=", "waiting")],
        )

    def action_view_transactions(self):
        """The payments in the file."""
        return self._view(
            "billing_coordinator.billing_remittance_transaction_action", [("file_id", "in", self.ids)],
        )

    def _view(self, action, domain):
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(action), "domain": domain, "context": {"create": False},
        }

    def _show(self, files):
        """Open what was taken in: one as a form, several as a list."""
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_remittance_file_action")
        if len(files) == 1:
            return {**action, "views": [(False, "form")], "res_id": files.id, "domain": [], "context": {}}
        return {**action, "domain": [("id", "in", files.ids)], "context": {"create": False}}
