from odoo import fields, models
from odoo.exceptions import UserError


class BillingRegistrationCoverage(models.TransientModel):
    """An insurance card, as it is typed while its owner is registered."""

    _name = "billing.registration.coverage"
    _description = "Insurance of a registration"

    registration_id = fields.Many2one(
        comodel_name="billing.registration",
        required=True,
        index=True,
        ondelete="cascade",
    )
    plan_id = fields.Many2one(
        comodel_name="billing.insurance.plan",
        required=True,
    )
    member_number = fields.Char(
        required=True,
        help="The number on the card that names this person.",
    )
    group_number = fields.Char()
    rank = fields.Selection(
        selection=lambda self: self.env["billing.coverage"]._fields["rank"]._description_selection(self.env),
        required=True,
        default="1",
    )
    relationship = fields.Selection(
        selection=lambda self: self.env["billing.coverage"]._fields["relationship"]._description_selection(self.env),
        string="Insured as",
        required=True,
        default="self",
    )
    subscriber_id = fields.Many2one(
        comodel_name="res.partner",
        string="Policy holder",
        domain="[('is_payer', '=', False), ('is_company', '=', False)]",
        help="Who took out the policy. Empty: the guarantor.",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=fields.Date.context_today,
    )
    date_to = fields.Date(
        string="Until",
    )

    def _prepare_coverage_vals(self, account):
        """The coverage that this card becomes.

        :raise UserError: when somebody else's policy names nobody who took it out
        """
        self.ensure_one()
        subscriber = account
        if self.relationship != "self":
            subscriber = self.subscriber_id or account.guarantor_id
            if not subscriber:
                raise UserError(self.env._(
                    "Who took out the %(plan)s of %(name)s? Choose the policy holder, or a guarantor.",
                    plan=self.plan_id.name,
                    name=account.name,
                ))
        return {
            "patient_id": account.id,
            "subscriber_id": subscriber.id,
            "plan_id": self.plan_id.id,
            "member_number": self.member_number,
            "group_number": self.group_number,
            "rank": self.rank,
            "relationship": self.relationship,
            "date_from": self.date_from,
            "date_to": self.date_to,
        }
