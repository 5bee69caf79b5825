from odoo import api, fields, models

from .denial import LIVE


class BillingDenial(models.Model):
    """Denials open by themselves when an answer is posted, and are withdrawn with it."""

    _inherit = "billing.denial"

    # === BUSINESS METHODS === #

    @api.model
    def _open_for(self, lines):
        """Open a denial for each service that these posted answers refuse or pay short, all of them at once.

        :param lines: remittance lines
        :return: the new denials
        """
        lines = lines.sudo()
        refused = {
            line: line.adjustment_ids.filtered(lambda adjustment: adjustment._get_refused_amount() > 0)
            for line in lines
        }
        vals_list = [
            self._prepare(
                line, "denied", sum(adjustment._get_refused_amount() for adjustment in adjustments), adjustments, None,
            )
            for line, adjustments in refused.items() if adjustments
        ]
        reasons = self.env["billing.denial.category"]._get_contract_reasons()
        vals_list += [
            self._prepare(
                line, "short", amount,
                line.adjustment_ids.filtered(lambda adjustment: adjustment.reason_id in reasons), contract,
            )
            for line, (amount, contract) in self._find_short(lines).items()
        ]
        return self._open_with(vals_list)

    @api.model
    def _open_with(self, vals_list):
        """Open these denials, each with its cause, owner and deadline.

        :param vals_list: as :meth:`_prepare` gives them
        :return: the new denials
        """
        if not vals_list:
            return self.browse()
        opening = self.sudo().with_context(mail_create_nolog=True, tracking_disable=True, billing_denials_open=True)
        denials = opening.create(vals_list)
        denials._take_over()
        denials._classify()
        denials._set_deadlines()
        denials._estimate()
        denials = denials.with_env(self.env)
        denials.sudo()._ask_owner()
        return denials

    @api.model
    def _prepare(self, line, kind, amount, adjustments, contract):
        """Values of a denial of one answered service."""
        return {
            "kind": kind,
            "claim_id": line.claim_id.id,
            "move_line_id": line.move_line_id.id,
            "remittance_line_id": line.id,
            # Deadlines count from what the payer has said, on whatever day that is in the books.
            "date": line.item_id.date or line.remittance_id.date,
            "amount": line.currency_id.round(amount),
            "amount_contract": contract or 0.0,
            "reason_ids": [fields.Command.set(adjustments.sorted("amount", reverse=True).reason_id.ids)],
        }

    def _take_over(self):
        """The payer has refused these services before: its new answer upholds the old one, and the fight goes on here.

        Owner, notes and the level reached pass to the new denial.
        """
        earlier = self.search([
            ("move_line_id", "in", self.move_line_id.ids), ("id", "not in", self.ids), ("state", "!=", "withdrawn"),
        ], order="id")
        latest = {(denial.move_line_id, denial.kind): denial for denial in earlier}
        standings = earlier._get_standings()
        for denial in self:
            if before := latest.get((denial.move_line_id, denial.kind)):
                denial.write({
                    "previous_id": before.id, "user_id": before.user_id.id, "note": before.note, "level": before.level,
                })
                if before.state in LIVE:
                    before._close("overturned" if standings[before].paid > 0 else "upheld", standings[before])
        closed = self.previous_id
        closed._stop_asking()
        closed.appeal_ids._follow_denials()

    def _classify(self):
        """Cause and owner, from the reason that holds back most; the payer's own person comes first."""
        categories = self.env["billing.denial.category"]._get_by_reason()
        other = self.env.ref("billing_coordinator.denial_category_other", raise_if_not_found=False)
        other = other or self.env["billing.denial.category"]
        for denial in self:
            category = next(
                (categories[reason] for reason in denial._get_reasons_by_weight() if reason in categories), other,
            )
            payer = denial.payer_id.with_company(denial.company_id)
            owner = denial.user_id or payer.billing_denial_user_id or category.user_id
            # Causes are shared: who does not work for this company would never see it.
            owner = owner.filtered(lambda user, company=denial.company_id: company in user.company_ids)
            denial.write({"category_id": category.id, "user_id": owner.id})

    def _get_reasons_by_weight(self):
        """The payer's reasons, that with the largest amount first."""
        adjustments = self.remittance_line_id.adjustment_ids.filtered(
            lambda adjustment: adjustment.reason_id in self.reason_ids
        )
        return adjustments.sorted(
            lambda adjustment: (adjustment.amount_mirrored - adjustment.amount, adjustment.id),
        ).mapped("reason_id")

    def _set_deadlines(self):
        """The last day for the next appeal of each, as the levels of its payer say; none where there is none left."""
        levels = self.env["billing.appeal.level"]._find_levels(self.claim_id)
        decisions = self.sudo()._get_decided_on()
        for denial in self.sudo():
            level = levels[denial.claim_id].get(denial.level)
            denial.date_deadline = level and level._get_deadline(denial.date, decisions.get(denial), denial.company_id)

    def _get_decided_on(self):
        """{denial: the day of the payer's last answer to an appeal of its service}, those without one left out."""
        appeals = self.env["billing.appeal"].search([
            ("denial_ids.move_line_id", "in", self.move_line_id.ids), ("state", "=", "answered"),
        ], order="date_answered, id")
        return {
            denial: appeal.date_answered
            for appeal in appeals for denial in self
            if denial.move_line_id in appeal.denial_ids.move_line_id and appeal.date_answered
        }

    @api.model
    def _withdraw_for(self, lines):
        """The answers that denied were taken back: nothing is denied any more.

        :param lines: remittance lines that are no longer in force
        """
        denials = self.sudo().search([
            ("remittance_line_id", "in", lines.ids), ("state", "!=", "withdrawn"),
        ])
        denials._withdraw(self.env._("The answer was taken back."))

    def _withdraw(self, reason):
        """These denials are none any more.

        :param str reason: for the chatter
        """
        if self:
            self._set_state("withdrawn", reason, closed_on=fields.Date.context_today(self))
            self._stop_asking()
            self.appeal_ids._follow_denials()
