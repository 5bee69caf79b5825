from odoo import fields, models
from odoo.fields import Domain

LINE_TRIGGERS = (
    "product_id", "name", "code_id", "modifier_1_id", "modifier_2_id", "modifier_3_id", "modifier_4_id", "quantity",
    "price_unit", "discount", "amount",
)
DOCUMENT_TRIGGERS = ("patient_id", "date", "provider_id", "company_id", "currency_id", "is_self_pay", "state")


class BillingEncounter(models.Model):
    """A visit is checked whenever it is touched; with a stop it is neither ready nor billed."""

    _name = "billing.encounter"
    _inherit = ["billing.encounter", "billing.accuracy.document"]

    _finding_field = "encounter_id"
    _accuracy_kind = "visit"
    _editable_when_billed = frozenset({
        "state", "notes", "amount_total", "amount_unbilled", "accuracy_level", "accuracy_date", "accuracy_first_level",
        "accuracy_first_date", "accuracy_final_level",
    })

    finding_ids = fields.One2many(
        comodel_name="billing.accuracy.finding",
        inverse_name="encounter_id",
        string="Findings",
        compute="_compute_finding_ids",
    )

    # === HOOKS OF THE ENGINE === #

    def _get_accuracy_triggers(self):
        return [
            *DOCUMENT_TRIGGERS, "place_id", "hold_reason", "diagnosis_ids.code_id", "diagnosis_ids.sequence",
            *(f"line_ids.{name}" for name in LINE_TRIGGERS),
            "line_ids.diagnosis_ids", "line_ids.authorization_line_id",
        ]

    def _is_accuracy_open(self):
        self.ensure_one()
        return self.state in ("draft", "ready")

    def _get_accuracy_domain(self):
        # What is planned only is looked at when its day has come.
        return Domain("state", "in", ("draft", "ready")) & Domain("date", "<=", fields.Date.context_today(self))

    # === READY AND BILLED === #

    def action_ready(self):
        self._check_accuracy()
        result = super().action_ready()
        self._note_first_pass()
        return result

    def _check_complete(self):
        super()._check_complete()
        # Whether the account may be billed, and what holds the visit up, matters once it is billed.
        self._refuse_stops("account", "held")

    def _bill_in_company(self, date):
        self._check_accuracy()
        ready = self.filtered(lambda visit: visit.state == "ready")
        ready._note_first_pass()
        ready._note_final_level()
        return super()._bill_in_company(date)

    def _check_billable(self, date):
        super()._check_billable(date)
        self._refuse_stops()


class BillingEncounterLine(models.Model):
    """The diagnoses that somebody has chosen for a service."""

    _inherit = "billing.encounter.line"

    def _get_accuracy_pointers(self):
        return self.diagnosis_ids
