from odoo import fields, models


class BillingFilingRoute(models.Model):
    """Some payers answer a file and never its claims: what counts as having received them is chosen with the way."""

    _inherit = "billing.filing.route"

    acknowledged_by = fields.Selection(
        selection=[
            ("claim", "The payer's answer claim by claim (277CA)"),
            ("file", "The accepted file (999)"),
        ],
        string="A claim is acknowledged by",
        required=True,
        default="claim",
        tracking=True,
        help="An accepted file only says that it could be read; the payer's answer says of each claim that the payer "
             "has it. Choose the file only for a receiver that never sends that answer: its claims would stay "
             "“Submitted” although they have arrived. A claim that is rejected later is rejected either way.",
    )


class BillingFilingBatchLine(models.Model):
    """A claim that is acknowledged because its file was: the payer may still say more of it."""

    _inherit = "billing.filing.batch.line"

    is_by_file = fields.Boolean(
        readonly=True,
        help="Acknowledged because the file was accepted; of the claim itself the payer has said nothing yet.",
    )


class BillingAcknowledgementLine(models.Model):
    """An accepted file acknowledges its claims, where the way says so."""

    _inherit = "billing.acknowledgement.line"

    def _confirm_by_file(self, batch):
        """The claims of an accepted file are acknowledged with it, if nothing newer is known of them.

        :return: whether there were any
        """
        self.ensure_one()
        lines = batch.line_ids.filtered(lambda line: line.state == "handed")
        if self.kind != "999" or batch.route_id.acknowledged_by != "file" or not lines:
            return False
        text = self.env._(
            "%(route)s accepted the file, %(number)s: %(text)s",
            route=batch.route_id.name, number=batch._get_reference(), text=self.text,
        )
        if not batch.is_test:
            lines = lines.filtered(
                lambda line: line.claim_id.state in ("sent", "void")
                and self._is_of_last_sending(line.claim_id, line)
            )
            if lines:
                lines.claim_id._acknowledge(text, date=self.date or None)
        lines.sudo().write({"state": "acknowledged", "is_live": False, "is_by_file": True, "answer": text})
        return bool(lines)
