from collections import defaultdict

from odoo import api, fields, models


class BillingClaim(models.Model):
    """What became of the money asked of a payer: read from the journal, and the state follows it."""

    _inherit = "billing.claim"

    amount_charged = fields.Monetary(
        related="invoice_id.amount_total",
        string="Charged",
        store=True,
    )
    amount_expected = fields.Monetary(
        string="Expected",
        compute="_compute_amount_expected",
        store=True,
        help="What the payer will pay by its plan's benefits and rules, as they stood when the visit was billed.",
    )
    amount_paid = fields.Monetary(
        string="Paid",
        compute="_compute_amounts",
    )
    is_underpaid = fields.Boolean(
        compute="_compute_amounts",
        help="The payer has answered and paid less than was expected.",
    )
    amount_adjusted = fields.Monetary(
        string="Adjusted",
        compute="_compute_amounts",
        help="Discounts agreed with the payer and write-offs: nobody owes this any more.",
    )
    amount_transferred = fields.Monetary(
        string="Passed on",
        compute="_compute_amounts",
        help="Now asked of the next payer or of the patient.",
    )
    amount_open = fields.Monetary(
        string="Open",
        compute="_compute_amounts",
    )

    # === COMPUTE METHODS === #

    @api.depends("invoice_id")
    def _compute_amount_expected(self):
        for claim in self:
            services = claim.invoice_id.invoice_line_ids.filtered(lambda line: line.display_type == "product")
            claim.amount_expected = sum(service._get_billing_expected_total() for service in services)

    @api.depends("invoice_id.amount_residual", "invoice_id.payment_state", "state")
    def _compute_amounts(self):
        flows = self.env["billing.charge.flow"]._get_flows(self.invoice_id)
        for claim in self:
            flow = flows.get(claim.invoice_id, {})
            claim.amount_paid = flow.get("paid", 0.0)
            claim.amount_adjusted = flow.get("adjusted", 0.0)
            claim.amount_transferred = flow.get("transferred", 0.0)
            claim.amount_open = flow.get("open", 0.0)
            claim.is_underpaid = (
                claim.state in ("settled", "denied", "appealed")
                and claim.currency_id.compare_amounts(claim.amount_paid, claim.amount_expected) < 0
            )

    # === BUSINESS METHODS === #

    def _follow_ledger(self, denied=None, reason=None):
        """Bring each claim's state into line with what is open: closed, denied, or waiting again.

        What an answer had closed, refused or begun goes back, once that answer is taken back, to what the answers say
        that still stand, or to how the claim was before anybody answered.

        :param denied: the claims of which the payer has just refused something
        :param str reason: for the chatter; empty: what is open on the invoice
        """
        denied = denied or self.browse()
        self.invalidate_recordset(["amount_open"])
        in_force = self.filtered(lambda claim: claim.state != "void")
        closed = in_force.filtered(lambda claim: claim.currency_id.compare_amounts(claim.amount_open, 0) <= 0)
        targets = dict.fromkeys(closed, "settled") | dict.fromkeys((in_force - closed) & denied, "denied")
        decided = (in_force - closed - denied).filtered(lambda claim: claim.state in ("settled", "denied", "answered"))
        if decided:
            targets |= decided._get_standing_states()
        moves = defaultdict(list)
        for claim, target in targets.items():
            if claim.state != target:
                why = reason or self.env._(
                    "%(invoice)s: %(open)s open",
                    invoice=claim.invoice_id.name,
                    open=claim.currency_id.format(claim.amount_open),
                )
                moves[target, why].append(claim.id)
        for (target, why), ids in moves.items():
            self.browse(ids)._set_state(target, why)
