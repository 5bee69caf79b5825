from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models

# What is worked out for each service, together.
EXPECTED = ("split", "amount_total", "amount_payer", "amount_discount", "amount_patient")


class BillingEstimate(models.Model):
    """The figures of an estimate: what is expected of payers and patient, and how that comes about."""

    _inherit = "billing.estimate"

    amount_total = fields.Monetary(
        string="Expected charge",
        compute="_compute_amounts",
        store=True,
    )
    amount_payer = fields.Monetary(
        string="Insurance pays",
        compute="_compute_amounts",
        store=True,
        help="What payers are expected to pay. They decide when they get the claim.",
    )
    amount_discount = fields.Monetary(
        string="Contract discount",
        compute="_compute_amounts",
        store=True,
        help="What payers' contracts take off the charge; nobody is asked for it.",
    )
    amount_patient = fields.Monetary(
        string="Patient pays",
        compute="_compute_amounts",
        store=True,
        tracking=True,
        help="What is expected to be left to the patient.",
    )
    explanation = fields.Html(
        string="How it comes about",
        compute="_compute_explanation",
        sanitize=False,
    )

    @api.depends(
        "line_ids.amount_total", "line_ids.amount_payer", "line_ids.amount_discount", "line_ids.amount_patient",
    )
    def _compute_amounts(self):
        for estimate in self:
            for name in ("amount_total", "amount_payer", "amount_discount", "amount_patient"):
                estimate[name] = sum(estimate.line_ids.mapped(name))

    @api.depends("line_ids.split", "line_ids.amount_total", "amount_total", "amount_patient")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for estimate in self:
            lines = estimate.line_ids.filtered("split").sorted("sequence")
            estimate.explanation = bool(lines) and self.env["ir.qweb"]._render(
                "billing_coordinator.estimate_explanation",
                {
                    "estimate": estimate,
                    "lines": lines,
                    "totals": estimate._get_totals(),
                    "reasons": estimate._get_reasons(),
                },
            )

    # === ACTIONS === #

    def action_refresh(self):
        """Work the figures out anew: deductibles and limits may have been used up since."""
        self._check_editable({"line_ids": True})
        self._refresh()

    # === BUSINESS METHODS === #

    def _refresh(self):
        """Work out the figures of drafts from the benefits as they are now."""
        drafts = self.filtered(lambda estimate: estimate.state == "draft")
        if not drafts:
            return
        # Odoo computes with the system's rights: who may only read would refresh them all the same.
        drafts.check_access("write")
        lines = drafts.line_ids
        for name in EXPECTED:
            self.env.add_to_compute(lines._fields[name], lines)
        lines.modified(EXPECTED)
        lines.flush_recordset(EXPECTED)

    def _get_totals(self):
        """From the charge down to the patient's amount: (label, amount), adding up to the cent."""
        self.ensure_one()
        charge = sum(self.line_ids.mapped("amount"))
        rows = [(self.env._("Charge"), charge)]
        if tax := self.currency_id.round(self.amount_total - charge):
            rows.append((self.env._("Taxes"), tax))
        if self.amount_discount:
            rows.append((self.env._("Discount by contract"), -self.amount_discount))
        payers = defaultdict(Decimal)
        for line in self.line_ids:
            for step in line._get_steps():
                payers[step.cover] += step.amount if step.kind == "payer" else 0
        known = sum(payers.values())
        for cover, amount in payers.items():
            if amount:
                payer = self.env["billing.coverage"].sudo().browse(cover).payer_id
                rows.append((self.env._("Paid by %(payer)s", payer=payer.name), -float(amount)))
        # Taxes on the payers' part, and payers whose coverage is gone.
        if rest := self.currency_id.round(self.amount_payer - float(known)):
            rows.append((self.env._("Paid by insurance: taxes and others"), -rest))
        return rows

    def _get_reasons(self):
        """What the patient's amount consists of: (words, amount), before tax."""
        self.ensure_one()
        amounts = defaultdict(Decimal)
        for line in self.line_ids:
            for kind, amount in (line.split or {}).get("left", ()):
                amounts[kind] += Decimal(amount)
        words = {
            "deductible": self.env._("deductible"),
            "copay": self.env._("copay"),
            "coinsurance": self.env._("coinsurance"),
            "not_covered": self.env._("not covered by insurance"),
            "over_limit": self.env._("beyond a limit of the plan"),
            None: self.env._("not billed to insurance"),
        }
        return [(words[kind], float(amount)) for kind, amount in amounts.items()]
