from odoo import api, fields, models

from odoo.addons.billing_coordinator.tools.claim_states import CLAIM_TO_SEND

# The reasons that stand on nearly every paper, typed as columns: field -> external id of the reason.
QUICK_REASONS = {
    "quick_allowance": "billing_coordinator.reason_co_45",
    "quick_deductible": "billing_coordinator.reason_pr_1",
    "quick_coinsurance": "billing_coordinator.reason_pr_2",
    "quick_copay": "billing_coordinator.reason_pr_3",
}


class BillingRemittance(models.Model):
    """Typing a payer's answer: what is still missing, said while it is typed."""

    _inherit = "billing.remittance"

    unexplained_count = fields.Integer(
        string="Services to explain",
        compute="_compute_unexplained_count",
    )

    followups = fields.Text(
        string="What follows",
        compute="_compute_followups",
    )

    @api.depends("line_ids.difference")
    def _compute_unexplained_count(self):
        for remittance in self:
            currency = remittance.currency_id
            remittance.unexplained_count = len(remittance.line_ids.filtered(
                lambda line, currency=currency: not currency.is_zero(line.difference)
            ))

    def _get_followups(self):
        """The claims and bills that ask somebody else for what this answer left, as long as they stand."""
        return self.caused_move_ids.filtered(
            lambda move: move.billing_kind == "transfer" and move.move_type == "out_invoice"
            and move.payment_state not in ("paid", "in_payment", "reversed")
        )

    @api.depends("state", "caused_move_ids.payment_state", "caused_move_ids.claim_ids.state")
    def _compute_followups(self):
        for remittance in self:
            sentences = []
            for move in remittance._get_followups():
                claim = move.claim_ids[:1]
                facts = {
                    "number": claim.name or move.name,
                    "debtor": move.partner_id.display_name,
                    "amount": move.currency_id.format(move.amount_residual),
                }
                if not claim:
                    sentences.append(self.env._("Bill %(number)s asks %(debtor)s for %(amount)s.", **facts))
                elif claim.state in CLAIM_TO_SEND:
                    sentences.append(
                        self.env._("Claim %(number)s to %(debtor)s over %(amount)s is to be sent.", **facts)
                    )
                else:
                    sentences.append(self.env._("Claim %(number)s asks %(debtor)s for %(amount)s.", **facts))
            denied = remittance.claim_ids.filtered(lambda claim: claim.state == "denied")
            sentences += [
                self.env._("%(claim)s: decide about what was denied.", claim=claim.name)
                for claim in denied if remittance.state == "posted"
            ]
            remittance.followups = "\n".join(sentences)

    def action_view_followups(self):
        """What this answer left, where it is asked for now."""
        moves = self._get_followups()
        name = self.env._("What follows from %(name)s", name=self.name)
        claims = moves.claim_ids | self.claim_ids.filtered(lambda claim: claim.state == "denied")
        # Claims where all of it is claims; with bills among them, the invoices of both.
        if claims and not moves - claims.invoice_id:
            return claims._get_records_action(name=name)
        return (moves | claims.invoice_id)._get_records_action(name=name)

    def action_view_claims(self):
        """The claims that this answer is about."""
        return self.claim_ids._get_records_action(name=self.env._("Claims of %(name)s", name=self.name))


class BillingRemittanceLine(models.Model):
    """The commonest reasons of a service as amounts beside what was paid; others are typed as a list.

    They are no second place for amounts: each reads and writes the adjustment with its reason.
    """

    _inherit = "billing.remittance.line"

    service_name = fields.Char(
        related="move_line_id.name",
    )
    quick_allowance = fields.Monetary(
        string="Agreed discount",
        compute="_compute_quick_allowance",
        inverse="_inverse_quick_allowance",
        help="CO-45: the discount agreed with the payer.",
    )
    quick_deductible = fields.Monetary(
        string="Deductible",
        compute="_compute_quick_deductible",
        inverse="_inverse_quick_deductible",
        help="PR-1: what the patient pays before insurance begins.",
    )
    quick_coinsurance = fields.Monetary(
        string="Coinsurance",
        compute="_compute_quick_coinsurance",
        inverse="_inverse_quick_coinsurance",
        help="PR-2: the patient's percentage.",
    )
    quick_copay = fields.Monetary(
        string="Copay",
        compute="_compute_quick_copay",
        inverse="_inverse_quick_copay",
        help="PR-3: the patient's fixed amount for a visit.",
    )
    quick_other = fields.Monetary(
        string="Other reasons",
        compute="_compute_quick_other",
        help="Not paid for reasons that have no column here, denials for instance.",
    )

    # Each by itself: what is written together would otherwise read as zero what is not written.

    @api.depends("adjustment_ids.reason_id", "adjustment_ids.amount")
    def _compute_quick_allowance(self):
        self._read_quick("quick_allowance")

    def _inverse_quick_allowance(self):
        self._write_quick("quick_allowance")

    @api.depends("adjustment_ids.reason_id", "adjustment_ids.amount")
    def _compute_quick_deductible(self):
        self._read_quick("quick_deductible")

    def _inverse_quick_deductible(self):
        self._write_quick("quick_deductible")

    @api.depends("adjustment_ids.reason_id", "adjustment_ids.amount")
    def _compute_quick_coinsurance(self):
        self._read_quick("quick_coinsurance")

    def _inverse_quick_coinsurance(self):
        self._write_quick("quick_coinsurance")

    @api.depends("adjustment_ids.reason_id", "adjustment_ids.amount")
    def _compute_quick_copay(self):
        self._read_quick("quick_copay")

    def _inverse_quick_copay(self):
        self._write_quick("quick_copay")

    @api.depends("adjustment_ids.reason_id", "adjustment_ids.amount")
    def _compute_quick_other(self):
        for line in self:
            shown = sum(line[name] for name in QUICK_REASONS)
            currency = line.currency_id or self.env.company.currency_id
            line.quick_other = currency.round(sum(line.adjustment_ids.mapped("amount")) - shown)

    @api.onchange(*QUICK_REASONS)
    def _onchange_quick_amounts(self):
        # All are read before the first adjustment changes, because that computes the others anew.
        for name, amount in [(name, self[name]) for name in QUICK_REASONS]:
            self._set_adjustment(self.env.ref(QUICK_REASONS[name]), amount)

    def _read_quick(self, name):
        reason = self.env.ref(QUICK_REASONS[name])
        for line in self:
            line[name] = sum(line._get_adjustments_of(reason).mapped("amount"))

    def _write_quick(self, name):
        reason = self.env.ref(QUICK_REASONS[name])
        for line in self:
            line._set_adjustment(reason, line[name])

    def _get_adjustments_of(self, reason):
        self.ensure_one()
        return self.adjustment_ids.filtered(lambda adjustment: adjustment.reason_id._origin == reason)

    def _set_adjustment(self, reason, amount):
        """Make ``amount`` the one adjustment of this service for ``reason``; zero removes it."""
        self.ensure_one()
        present = self._get_adjustments_of(reason)
        currency = self.currency_id or self.env.company.currency_id
        if currency.compare_amounts(sum(present.mapped("amount")), amount) == 0:
            return
        keep = present[:1] if amount else present.browse()
        self.adjustment_ids -= present - keep
        if keep:
            keep.amount = amount
        elif amount:
            self.adjustment_ids = [fields.Command.create({"reason_id": reason.id, "amount": amount})]

    def action_open_reasons(self):
        """This service by itself, with room for any number of reasons."""
        return self._get_records_action(name=self.env._("Why it was not paid"), target="new")

    def action_view_remittance(self):
        """The answer that this line belongs to."""
        return self.remittance_id._get_records_action()
