from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class BillingClaim(models.Model):
    """What people do with a claim: send it, print it, type its answer, decide about what is left, take it back."""

    _inherit = "billing.claim"

    # === ACTIONS === #

    def action_send(self):
        """The claims have been sent on paper, today: the clock for the payer's answer starts."""
        self._submit("paper")

    def action_send_otherwise(self):
        """The claims were sent otherwise than on paper today: asks how."""
        return self.env["billing.claim.send"]._open(self, "send", self.env._("How was it sent?"))

    def action_correct(self):
        """The payer's side has spoken: the claims are corrected and sent again."""
        self._check_correctable()
        return self.env["billing.claim.send"]._open(self, "correct", self.env._("Send again"))

    def action_cancel_at_payer(self):
        """The payer is told that these void claims are void: asks how."""
        return self.env["billing.claim.send"]._open(self, "cancel", self.env._("Cancel at the payer"))

    def action_proof_letter(self):
        """Print the letter that proves filing in time."""
        return self.env.ref("billing_coordinator.action_report_timely_filing").report_action(self)

    def action_unsend(self):
        """They were not sent after all."""
        self._withdraw()

    def action_print(self):
        """Print the claim form."""
        return self.env.ref("billing_coordinator.action_report_claim").report_action(self)

    def action_answer(self):
        """Type the payer's answer to these claims: a new remittance with all their services."""
        self._check_answerable()
        payer = self.payer_id
        if len(payer) > 1 or len(self.company_id) > 1 or len(self.currency_id) > 1:
            raise UserError(self.env._(
                "One answer comes from one payer, for one company, in one currency. The claims chosen are from "
                "%(payers)s.",
                payers=", ".join(payer.mapped("display_name")),
            ))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer of %(payer)s", payer=payer.display_name),
            "res_model": "billing.remittance",
            "view_mode": "form",
            "context": {
                "default_payer_id": payer.id,
                "default_company_id": self.company_id.id,
                "default_currency_id": self.currency_id.id,
                "default_line_ids": self._prepare_answer_lines(),
            },
        }

    def action_decide(self):
        """Decide about what the payer left open: give it up, or pass it on to whoever is next."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide about %(claim)s", claim=self.name),
            "res_model": "billing.adjust.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_id": self.invoice_id.id},
        }

    def action_void(self):
        """Take the claim back: its visit is no longer billed and can be corrected."""
        self.encounter_id._unbill_by_company(self.env._("Claims taken back by %(user)s", user=self.env.user.name))

    def action_view_invoice(self):
        """The invoice to the payer."""
        self.ensure_one()
        return self.invoice_id._get_records_action()

    def action_view_encounter(self):
        """The visit behind the claim."""
        return self.encounter_id._get_records_action()

    # === BUSINESS METHODS === #

    def _check_answerable(self):
        for claim in self:
            if claim.state == "void":
                raise UserError(self.env._(
                    "%(claim)s was taken back on %(date)s: there is nothing to answer. If %(payer)s sent money for it, "
                    "register a payment from %(payer)s; it will wait as unapplied credit.",
                    claim=claim.display_name,
                    payer=claim.payer_id.display_name,
                    date=format_date(self.env, claim.date_void or claim.write_date),
                ))

    def _prepare_answer_lines(self):
        """One remittance line for every service of these claims."""
        return [
            fields.Command.create({"claim_id": claim.id, "move_line_id": line.id})
            for claim in self
            for line in claim.invoice_id.invoice_line_ids
            if line.display_type == "product"
        ]

    def _get_posted_remittances(self):
        """The answers in force on these claims."""
        return self.remittance_line_ids.filtered("is_in_force").remittance_id
