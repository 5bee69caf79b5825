from odoo import api, fields, models
from odoo.exceptions import UserError

from .collection_step_letters import PRINT_MOST

# Without these, the post brings a letter back.
ADDRESS = ("street", "zip", "city", "country_id")


class BillingCollectionStep(models.Model):
    """Letters that Odoo's own post prints and sends, where the office has it: each once, and kept like the others."""

    _inherit = "billing.collection.step"

    has_post = fields.Boolean(
        compute="_compute_has_post",
        help="Odoo's module for letters by post is installed.",
    )

    @api.depends("channel")
    def _compute_has_post(self):
        self.has_post = "snailmail.letter" in self.env

    # === ACTIONS === #

    def action_post_letters(self):
        """Hand the letters among these that wait to Odoo's post, and do their steps; it costs money for each.

        Who asked to be written to elsewhere, or whose address is not complete, stays on the pile of the printer.

        :raise UserError: Odoo's post is not installed, or none of these can go
        """
        if "snailmail.letter" not in self.env:
            raise UserError(self.env._("Letters by post need Odoo's module “Snail Mail”. Print them instead."))
        ready = self.filtered(lambda step: step.channel == "letter" and step.state == "ready" and step._can_post())
        if not ready:
            raise UserError(self.env._(
                "None of these letters can go by Odoo's post: they do not wait any more, their address is not "
                "complete, or the person asked to be written to elsewhere. Print them.",
            ))
        printed, failed = ready[:PRINT_MOST]._print()
        if printed:
            printed._post()
        if failed:
            return self.env["billing.letter.batch"]._hand_over(printed.letter_id, failed)
        return None

    # === BUSINESS METHODS === #

    def _can_post(self):
        """Whether Odoo's post, which knows nothing but the address of the contact, may have this letter."""
        partner = self.partner_id
        return not partner._get_billing_confidential_address() and all(partner[name] for name in ADDRESS)

    def _post(self):
        """Letters in the outbox of Odoo's post, in the transaction that did their steps."""
        self.env["snailmail.letter"].sudo().create([
            {
                "model": "billing.collection.case",
                "res_id": step.case_id.id,
                "partner_id": step.partner_id.id,
                "company_id": step.company_id.id,
                "user_id": self.env.uid,
                "attachment_id": step.letter_id.id,
            }
            for step in self
        ])
