from odoo import fields, models


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

    def action_view_codes(self):
        """The codes of this list."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_coordinator.billing_code_action")
        action["domain"] = [("system_id", "=", self.id)]
        action["context"] = {"default_system_id": self.id}
        return action
