from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from odoo.addons.billing_coordinator.tools.claim_dates import is_inpatient, is_pregnancy

# Days that cannot come after the visit, and days that follow each other.
NOT_LATER = ("first_seen_date", "last_period_date", "admission_date")
IN_ORDER = (("admission_date", "discharge_date"), ("unable_from_date", "unable_to_date"))
ICD9 = "ICD9CM"


class BillingEncounter(models.Model):
    """Days that payers want to know of some visits only: shown where they matter, or once they are typed."""

    _inherit = "billing.encounter"

    supervising_id = fields.Many2one(
        comodel_name="res.partner",
        string="Supervised by",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain="[('is_company', '=', False), ('is_payer', '=', False)]",
        check_company=True,
        help="The doctor who answers for what somebody in training or an assistant did. The form has room for one "
             "name: whoever referred the patient goes first (CMS-1500 box 17 with DQ).",
    )
    first_seen_date = fields.Date(
        string="First treated on",
        tracking=True,
        help="The first treatment of this illness or injury, where the payer asks (CMS-1500 box 15 with 454).",
    )
    last_period_date = fields.Date(
        string="Last period",
        tracking=True,
        help="First day of the last menstrual period before a pregnancy (CMS-1500 box 14 or 15 with 484).",
    )
    unable_from_date = fields.Date(
        string="Unable to work from",
        tracking=True,
        help="From which day the patient could not work in the present occupation (CMS-1500 box 16).",
    )
    unable_to_date = fields.Date(
        string="Until",
        tracking=True,
        help="The last day on which the patient could not work. Empty: not known yet (CMS-1500 box 16).",
    )
    admission_date = fields.Date(
        string="In hospital from",
        tracking=True,
        help="The day of admission, for services to somebody who stayed in a hospital (CMS-1500 box 18).",
    )
    discharge_date = fields.Date(
        string="To",
        tracking=True,
        help="The day of discharge. Empty: not discharged yet (CMS-1500 box 18).",
    )
    is_inpatient = fields.Boolean(
        compute="_compute_asked_dates",
        help="The place of service is one where patients stay.",
    )
    is_pregnancy = fields.Boolean(
        compute="_compute_asked_dates",
        help="A diagnosis belongs to a pregnancy.",
    )

    # === COMPUTE METHODS === #

    @api.depends("place_id.code", "diagnosis_ids.code_id.code", "diagnosis_ids.code_id.system_id.code")
    def _compute_asked_dates(self):
        for visit in self:
            visit.is_inpatient = is_inpatient(visit.place_id.code or "")
            visit.is_pregnancy = is_pregnancy(
                ("9" if code.system_id.code == ICD9 else "10", code.code or "")
                for code in visit.diagnosis_ids.code_id
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("date", *NOT_LATER, *(fname for pair in IN_ORDER for fname in pair))
    def _check_claim_days(self):
        for visit in self:
            for fname in NOT_LATER:
                visit._check_day_order(fname, "date")
            for begin, end in IN_ORDER:
                visit._check_day_order(begin, end)

    def _check_day_order(self, begin, end):
        """
        :raise ValidationError: the one day comes after the other
        """
        if self[begin] and self[end] and self[begin] > self[end]:
            raise ValidationError(self.env._(
                "%(visit)s: “%(begin)s” is %(first)s, after “%(end)s”, %(last)s. Correct one of the two.",
                visit=self.display_name,
                begin=self._fields[begin]._description_string(self.env),
                first=format_date(self.env, self[begin]),
                end=self._fields[end]._description_string(self.env),
                last=format_date(self.env, self[end]),
            ))
