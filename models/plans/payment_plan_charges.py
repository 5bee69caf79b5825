from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class BillingPaymentPlan(models.Model):
    """Fee and interest of a plan: invoices of their own, made when they fall due."""

    _inherit = "billing.payment.plan"

    charge_ids = fields.One2many(
        comodel_name="account.move",
        inverse_name="billing_payment_plan_id",
        string="Fees and interest",
        readonly=True,
    )

    def _invoice_charges(self):
        """Invoice the fee and interest of every instalment that has fallen due.

        | event | journal items |
        |---|---|
        | fee 25 due with the first instalment | Dr AR[P] 25 / Cr FEE 25 |
        | interest 4.93 due with an instalment | Dr AR[P] 4.93 / Cr INT 4.93 |
        """
        today = fields.Date.context_today(self)
        rows = self.instalment_ids.filtered(
            lambda row: row.date <= today and not row.charge_id and (row.fee or row.interest)
        )
        if not rows:
            return
        moves = rows.plan_id._create_charges([
            (row.plan_id, row.date, [("fee", row.fee), ("interest", row.interest)]) for row in rows
        ])
        for row, move in zip(rows, moves, strict=True):
            row.sudo().charge_id = move

    def _create_charges(self, wanted):
        """Post invoices of fees and interest.

        :param wanted: (plan, day on which it is due, (kind, amount) pairs); the kinds are "fee" and "interest"
        :return: the invoices, in this order
        """
        moves = self.env["account.move"].sudo()
        vals_list = [plan._prepare_charge(day, amounts) for plan, day, amounts in wanted]
        moves = moves._billing_create(vals_list)
        moves._post(soft=False)
        return moves

    def _prepare_charge(self, day, amounts):
        self.ensure_one()
        company, today = self.company_id, fields.Date.context_today(self)
        names = {
            "fee": self.env._("Fee of payment plan %(plan)s", plan=self.name),
            "interest": self.env._("Interest of payment plan %(plan)s", plan=self.name),
        }
        accounts = {
            "fee": company.sudo().billing_fee_account_id, "interest": company.sudo().billing_interest_account_id,
        }
        missing = [kind for kind, amount in amounts if amount and not accounts[kind]]
        if missing:
            raise UserError(self.env._(
                "%(company)s has no account for fees and interest yet. Choose one, or press Create What Is Missing, in "
                "Settings > Billing.", company=company.name,
            ))
        return {
            "move_type": "out_invoice",
            "company_id": company.id,
            "journal_id": company.billing_charge_journal_id.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": max(min(day, today), self.date),
            "invoice_date_due": day,
            "invoice_payment_term_id": False,
            "ref": self.name,
            "billing_payment_plan_id": self.id,
            "invoice_line_ids": [
                Command.create({
                    "name": names[kind],
                    "account_id": accounts[kind].id,
                    "quantity": 1,
                    "price_unit": amount,
                    "tax_ids": [Command.clear()],
                })
                for kind, amount in amounts if amount
            ],
        }
