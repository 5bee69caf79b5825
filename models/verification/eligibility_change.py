from odoo import fields, models


class BillingEligibilityChange(models.Model):
    """One thing that a payer's answer changed on a coverage: what it was, what it became.

    Written when the answer is applied, never edited.
    """

    _name = "billing.eligibility.change"
    _description = "Change by an eligibility check"
    _order = "check_id, id"
    _check_company_auto = True

    check_id = fields.Many2one(
        comodel_name="billing.eligibility.check",
        required=True,
        index=True,
        ondelete="cascade",
    )
    coverage_id = fields.Many2one(
        comodel_name="billing.coverage",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="check_id.company_id",
        store=True,
        index=True,
    )
    name = fields.Char(
        string="What",
        required=True,
    )
    old_value = fields.Char(
        string="Was",
    )
    new_value = fields.Char(
        string="Is now",
    )
    note = fields.Char(
        string="Why",
    )
