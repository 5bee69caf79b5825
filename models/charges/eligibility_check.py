from odoo import fields, models


class BillingEligibilityCheck(models.Model):
    """A check made for a visit goes on to the next coverage of that visit."""

    _inherit = "billing.eligibility.check"

    encounter_id = fields.Many2one(
        comodel_name="billing.encounter",
        string="Asked for",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        check_company=True,
        help="The visit for which the payer was asked.",
    )

    def _get_next_action(self):
        unverified = self.encounter_id._get_unverified_coverages() - self.coverage_id
        if unverified:
            return self.encounter_id._get_verify_action(unverified[0])
        return super()._get_next_action()
