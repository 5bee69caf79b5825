from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

# What payers are told beside the services. It changes no bill: a claim that came back is corrected here and sent again.
CLAIM_FACTS = frozenset({
    "facility_id", "referring_id", "is_emergency", "accident_kind", "accident_state_id", "accident_date", "onset_date",
    "amount_patient_paid", "claim_note", "supervising_id", "first_seen_date", "last_period_date", "unable_from_date",
    "unable_to_date", "admission_date", "discharge_date",
})


class BillingEncounter(models.Model):
    """What payers want to know of a visit beside its services: who referred it, where it was, an accident."""

    _inherit = "billing.encounter"

    facility_id = fields.Many2one(
        comodel_name="res.partner",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        check_company=True,
        help="Where the patient was seen, if not at the company's own address: a hospital, another practice "
             "(CMS-1500 box 32).",
    )
    referring_id = fields.Many2one(
        comodel_name="res.partner",
        string="Referred by",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain="[('is_company', '=', False), ('is_payer', '=', False)]",
        check_company=True,
        help="The doctor who sent the patient (CMS-1500 box 17).",
    )
    is_emergency = fields.Boolean(
        string="Emergency",
        tracking=True,
        help="The services were an emergency (CMS-1500 box 24C).",
    )
    accident_kind = fields.Selection(
        selection=[
            ("auto", "Car accident"),
            ("employment", "Accident or illness at work"),
            ("other", "Other accident"),
        ],
        string="Accident",
        tracking=True,
        help="Whether the visit was because of an accident: another insurance may have to pay (CMS-1500 box 10).",
    )
    accident_state_id = fields.Many2one(
        comodel_name="res.country.state",
        string="In the state of",
        ondelete="restrict",
        help="Where the car accident happened.",
    )
    accident_date = fields.Date(
        string="Accident on",
        tracking=True,
    )
    onset_date = fields.Date(
        string="Ill since",
        tracking=True,
        help="First day of this illness or its symptoms, where the payer asks (CMS-1500 box 14).",
    )
    amount_patient_paid = fields.Monetary(
        string="Paid at the visit",
        copy=False,
        tracking=True,
        help="What the patient paid for these services when they were here, such as a copayment, as the payer is told "
             "(CMS-1500 box 29). The payment itself is registered as always.",
    )
    claim_note = fields.Char(
        string="Note to the payer",
        copy=False,
        tracking=True,
        help="Goes out with every claim for this visit, 80 characters at most in a file (CMS-1500 box 19).",
    )

    _patient_paid_not_negative = models.Constraint(
        "CHECK (amount_patient_paid >= 0)",
        "What the patient paid at the visit cannot be negative.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("accident_date", "onset_date", "date")
    def _check_claim_dates(self):
        for visit in self:
            for date in (visit.accident_date, visit.onset_date):
                if date and visit.date and date > visit.date:
                    raise ValidationError(self.env._(
                        "%(visit)s was on %(date)s: the accident or illness that led to it cannot begin later, on "
                        "%(begin)s. Correct one of the two dates.",
                        visit=visit.display_name,
                        date=format_date(self.env, visit.date),
                        begin=format_date(self.env, date),
                    ))

    # === BUSINESS METHODS === #

    def _check_editable(self, vals):
        # No bill says it, and a claim that was sent keeps its copy.
        return super()._check_editable({name: value for name, value in vals.items() if name not in CLAIM_FACTS})
