from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.billing_coordinator.tools.claim_states import CLAIM_TYPABLE


class BillingClaimTold(models.Model):
    """What a payer is told of one service, diagnosis or value of a visit, what the visit said, and why they differ.

    Written when the claim is made and kept: habits that change later change nothing that was told.
    """

    _name = "billing.claim.told"
    _description = "What a payer is told"
    _order = "claim_id, sequence, id"
    _rec_name = "label"

    claim_id = fields.Many2one(
        comodel_name="billing.claim",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="claim_id.company_id",
        store=True,
        index=True,
    )
    sequence = fields.Integer()
    kind = fields.Selection(
        selection=[("service", "Service"), ("diagnosis", "Diagnosis"), ("value", "Asked for")],
        required=True,
        readonly=True,
    )
    label = fields.Char(
        string="About",
        readonly=True,
    )
    encounter_line_id = fields.Many2one(
        comodel_name="billing.encounter.line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    letter = fields.Char(
        readonly=True,
    )
    said = fields.Char(
        string="The visit says",
        readonly=True,
    )
    code_id = fields.Many2one(
        comodel_name="billing.code",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    modifiers = fields.Char(
        readonly=True,
    )
    value = fields.Char()
    is_required = fields.Boolean(
        readonly=True,
    )
    told = fields.Char(
        string="The payer is told",
        compute="_compute_told",
        inverse="_inverse_told",
    )
    is_changed = fields.Boolean(
        string="Differs",
        readonly=True,
    )
    why = fields.Text(
        readonly=True,
    )

    @api.depends("code_id", "modifiers", "value", "kind")
    def _compute_told(self):
        for told in self:
            words = (told.code_id.code, told.modifiers) if told.kind != "value" else (told.value,)
            told.told = " ".join(filter(None, words)) or False

    def _inverse_told(self):
        for told in self:
            told.value = told.told

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tidy(vals) for vals in vals_list])

    def write(self, vals):
        if not self.env.su:
            self.check_access("write")
            self._check_typing(vals)
        return super().write(self._tidy(vals))

    @api.model
    def _tidy(self, vals):
        """The values without blanks around what somebody typed: blanks alone are nothing."""
        return {**vals, "value": vals["value"].strip() or False} if isinstance(vals.get("value"), str) else vals

    def _check_typing(self, vals):
        """A value that a payer asks for may be typed until the claim is sent; the rest is what was told."""
        for told in self:
            is_open = told.kind == "value" and told.claim_id.state in CLAIM_TYPABLE
            if not is_open or vals.keys() - {"value", "told"}:
                raise UserError(self.env._(
                    "What %(payer)s is told of “%(label)s” cannot be typed over. Correct the visit or the payer's "
                    "habit, take the claim back and bill again.",
                    payer=told.claim_id.payer_id.name,
                    label=told.label,
                ))
