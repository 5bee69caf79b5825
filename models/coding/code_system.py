from odoo import fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL


class BillingCodeSystem(models.Model):
    """A published or own list of codes: HCPCS, ICD-10-CM, places of service, the office's own services.

    Shared by all companies: a code means the same to every payer that knows the list.
    """

    _name = "billing.code.system"
    _description = "Code system"
    _order = "sequence, name, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(
        required=True,
        translate=True,
    )
    code = fields.Char(
        string="Short key",
        required=True,
        help="How files and payers name this list, such as HCPCS or ICD10CM.",
    )
    description = fields.Text(
        translate=True,
        help="What the list is for, who publishes it and under which terms it may be used.",
    )
    payer_id = fields.Many2one(
        comodel_name="res.partner",
        string="Payer",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('is_payer', '=', True)]",
        help="Only where this list is one payer's own. Empty: a published list, or one of our own.",
    )
    licence_note = fields.Text(
        string="Licence",
        translate=True,
        help="What whoever loads or types these codes has to hold or to observe.",
    )
    default_kind = fields.Selection(
        selection=lambda self: self.env["billing.code"]._fields["kind"]._description_selection(self.env),
        string="Codes are",
        required=True,
        default="procedure",
        help="What the codes of this list are, where a file does not say.",
    )
    edition = fields.Char(
        string="Edition loaded",
        readonly=True,
        copy=False,
        help="The latest edition that was loaded from a file.",
    )
    edition_date = fields.Date(
        string="Counts from",
        readonly=True,
        copy=False,
        help="First date of service for which the latest loaded edition counts.",
    )
    sequence = fields.Integer(
        default=10,
    )
    active = fields.Boolean(
        default=True,
    )
    code_count = fields.Integer(
        string="Codes",
        compute="_compute_code_count",
    )

    _code_unique = models.UniqueIndex(
        "(upper(code))",
        "Another code system has this short key. Use that one, or choose another key.",
    )

    def _compute_code_count(self):
        counts = dict(
            self.env["billing.code"]._read_group(
                domain=[("system_id", "in", self.ids)],
                groupby=["system_id"],
                aggregates=["__count"],
            )
        )
        for system in self:
            system.code_count = counts.get(system, 0)

    def action_import(self):
        """Load a file into this list."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_code_import_wizard_action")
        action["context"] = {"default_system_id": self.id}
        return action

    def action_view_codes(self):
        """The codes of this list."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_code_action")
        action["domain"] = [("system_id", "=", self.id)]
        action["context"] = {"default_system_id": self.id, "default_kind": self.default_kind}
        return action

    def _lock_for_loading(self):
        """Nobody else loads a file into these lists until the transaction ends.

        Whoever looked before somebody else finished is made to begin anew by the database, as both write here.

        :raise UserError: somebody is loading into one of them at this moment
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(self.env._(
                "Somebody is loading a file into %(lists)s right now. Try again when it is done.",
                lists=", ".join(self.mapped("display_name")),
            )) from error
        self.env.cr.execute(SQL("UPDATE billing_code_system SET edition = edition WHERE id = ANY(%s)", list(self.ids)))
