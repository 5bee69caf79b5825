from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.billing_coordinator.tools.accuracy import LEVELS
from odoo.addons.billing_coordinator.tools.money import to_decimal, to_unit

from ..habits.payer_habit_telling import Told
from .accuracy_engine import write_facts

CARRIED = ("is_accepted", "accepted_user_id", "accepted_date", "accepted_reason")


class BillingClaim(models.Model):
    """A claim is checked for its own payer when it is made, each night until it is sent, and before it is sent.

    What was accepted on its visit is accepted on it, while the facts are the same.
    """

    _name = "billing.claim"
    _inherit = ["billing.claim", "billing.accuracy.document"]

    _finding_field = "claim_id"
    _accuracy_kind = "claim"

    finding_ids = fields.One2many(
        comodel_name="billing.accuracy.finding",
        inverse_name="claim_id",
        string="Findings",
        compute="_compute_finding_ids",
    )
    date_mended = fields.Datetime(
        string="Mended at",
        readonly=True,
        copy=False,
        help="When the last thing that stopped it was mended or accepted.",
    )
    provider_id = fields.Many2one(
        related="encounter_id.provider_id",
    )

    # === HOOKS OF THE ENGINE === #

    def _get_accuracy_triggers(self):
        return ["state", "coverage_id", "invoice_id", "told_ids.code_id", "told_ids.modifiers"]

    def _is_accuracy_open(self):
        self.ensure_one()
        return self.state in ("draft", "ready")

    def _get_accuracy_domain(self):
        return Domain("state", "in", ("draft", "ready"))

    def _get_accuracy_lines(self):
        return self.sudo().line_ids.encounter_line_id

    def _get_accuracy_date(self):
        self.ensure_one()
        return self.service_date

    def _get_accuracy_coverage(self):
        self.ensure_one()
        return self.coverage_id

    def _get_accuracy_amount(self):
        self.ensure_one()
        return self.amount_charged

    def _get_accuracy_diagnoses(self):
        return self.encounter_id._get_accuracy_diagnoses()

    def _find_told(self):
        """What the payer is told is written down once the claim is made."""
        return {
            (claim, told.encounter_line_id): Told(told.code_id, tuple((told.modifiers or "").split()), ())
            for claim in self for told in claim.told_ids if told.encounter_line_id
        }

    def _prepare_totals(self):
        self.ensure_one()
        unit = to_unit(self.currency_id.rounding)
        services = self.line_ids.filtered(lambda line: line.display_type == "product")
        return {
            "total": to_decimal(self.amount_charged, unit),
            "total_of_services": sum((to_decimal(line.price_total, unit) for line in services), to_decimal(0)),
        }

    def _get_carried_acceptances(self):
        accepted = self.env["billing.accuracy.finding"].sudo().with_context(active_test=False).search_fetch(
            [("encounter_id", "in", self.encounter_id.ids), ("is_accepted", "=", True)],
            ["encounter_id", "rule_id", "severity", "facts", *CARRIED],
        ).grouped("encounter_id")
        return {
            (claim, found.rule_id.id, severity, write_facts(found.facts)): {
                name: found._fields[name].convert_to_write(found[name], found) for name in CARRIED
            }
            for claim in self
            for found in accepted.get(claim.encounter_id, ())
            # Who accepted a warning has not accepted a stop.
            for severity in LEVELS[LEVELS.index(found.severity):]
        }

    # === MADE AND SENT === #

    @api.model_create_multi
    def create(self, vals_list):
        claims = super().create(vals_list)
        claims._note_first_pass()
        claims._follow_findings({claim: claim.accuracy_level for claim in claims})
        return claims

    def _run_accuracy(self, catalogue):
        levels = super()._run_accuracy(catalogue)
        self._follow_findings(levels)
        return levels

    def _set_accuracy_level(self):
        super()._set_accuracy_level()
        self._follow_findings({claim: claim.sudo().accuracy_level for claim in self})

    def _follow_findings(self, levels):
        """A claim that something stops is to mend; with the last stop mended or accepted it is to send by itself.

        :param dict levels: {claim: level of what is wrong with it and not accepted}
        """
        now = fields.Datetime.now()
        for state, target, is_stopped, reason, values in (
            ("ready", "draft", True, self.env._("Something stops it, see its findings"), {}),
            ("draft", "ready", False, self.env._("Nothing stops it any more"), {"date_mended": now}),
        ):
            moved = self.browse(
                claim.id for claim, level in levels.items()
                if claim.state == state and (level == "stop") == is_stopped
            )
            if moved:
                # Whoever corrects an account or a code need not be allowed to work on claims.
                moved.sudo()._set_state(target, reason, **values)

    def _check_submittable(self):
        leaving = self.filtered(lambda claim: claim._is_accuracy_open())
        leaving._check_accuracy()
        leaving._refuse_stops()
        leaving._note_final_level()
        return super()._check_submittable()
