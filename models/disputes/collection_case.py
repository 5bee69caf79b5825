from collections import defaultdict
from dataclasses import replace

from odoo import api, fields, models

from .dispute import LIVE


class BillingCollectionCase(models.Model):
    """What is disputed leaves dunning, and nothing else of the bill.

    Who disputes something without saying which bill is looked at before the next step.
    """

    _inherit = "billing.collection.case"

    amount_disputed = fields.Monetary(
        string="Disputed",
        compute="_compute_apart",
        help="Nobody asks for it until it is answered.",
    )
    dispute_count = fields.Integer(
        compute="_compute_dispute_count",
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "company_id")
    def _compute_dispute_count(self):
        counts = {
            (partner, company): count
            for partner, company, count in self.env["billing.dispute"]._read_group(
                [("partner_id", "in", self.partner_id.ids), ("state", "in", LIVE)],
                ["partner_id", "company_id"], ["__count"],
            )
        }
        for case in self:
            case.dispute_count = counts.get((case.partner_id, case.company_id), 0)

    # === ACTIONS === #

    def action_view_disputes(self):
        """The disputes of this debtor that are looked into; without one, a new one."""
        self.ensure_one()
        disputes = self.env["billing.dispute"].search([
            ("partner_id", "=", self.partner_id.id), ("company_id", "=", self.company_id.id), ("state", "in", LIVE),
        ])
        return disputes._get_records_action(name=self.env._("Disputes")) if disputes else self._action_dispute()

    # === BUSINESS METHODS === #

    def _action_dispute(self, contact=None):
        """The action that opens a new dispute with the debtor and the open bills of this case.

        What was said in a call is on record at once, whether or not somebody says more about it.

        :param contact: the ``billing.collection.contact`` in which it was said, or None
        """
        self.ensure_one()
        lines = self.item_ids.move_line_id.filtered(
            lambda line: line.parent_state == "posted" and line.amount_residual > 0
        )
        disputes = self.env["billing.dispute"]
        if not contact:
            return disputes._open_new(self.company_id, self.partner_id, lines)
        values = disputes._prepare_new(self.company_id, self.partner_id, lines)
        return disputes.with_context(billing_keep_bills=True).create({
            **values, "origin": "phone", "contact_id": contact.id, "claim": contact.note,
        })._get_records_action(name=self.env._("Dispute"))

    @api.model
    def _get_held(self, item_ids):
        held = super()._get_held(item_ids)
        for line, amount in self.env["billing.dispute.item"].sudo()._get_held_amounts(item_ids).items():
            held[line].append(("dispute", amount))
        return held

    @api.model
    def _get_apart_fields(self):
        return {**super()._get_apart_fields(), "dispute": "amount_disputed"}

    @api.model
    def _get_held_words(self):
        return {**super()._get_held_words(), "dispute": self.env._("disputed")}

    def _get_standings(self):
        standings = super()._get_standings()
        asking = defaultdict(set)
        for partner, company in self.env["billing.dispute"].sudo()._read_group(
            [("partner_id", "in", self.partner_id.ids), ("state", "in", LIVE), ("amount_disputed", "=", 0)],
            ["partner_id", "company_id"],
        ):
            asking[company.id].add(partner.id)
        return {
            case: replace(standing, has_question=case.partner_id.id in asking[case.company_id.id])
            for case, standing in standings.items()
        }

    def _get_reason_words(self, standing):
        return {
            **super()._get_reason_words(standing),
            "question": self.env._("Disputes something, and nobody has said yet which bills it is about."),
        }
