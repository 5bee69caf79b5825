from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

# Payers announce money some days before; nobody does it by months.
FAR_OFF = timedelta(days=61)


class BillingRemittanceTransaction(models.Model):
    """On which day a payment of a file is in the books: the day on which the payer paid, unless somebody says another.

    Another day is needed where the books are closed by then, where the file says no day or a wrong one, and where
    something later hangs on what is taken back. Nothing is moved to another day silently.
    """

    _inherit = "billing.remittance.transaction"

    date_booked = fields.Date(
        string="Book on",
        copy=False,
        tracking=True,
        help="The day in the books, where it cannot be the day on which the payer paid: because the books are closed, "
             "or something later hangs on what is taken back. It holds for the claims that still wait.",
    )

    @api.constrains("date_booked")
    def _check_date_booked(self):
        for payment in self:
            wrong = payment._is_far_off(payment.date)
            if payment.date_booked and payment.date and payment.date_booked < payment.date and not wrong:
                raise ValidationError(self.env._(
                    "%(payment)s was paid on %(date)s and cannot be booked on %(booked)s, before that. Choose that day "
                    "or a later one.",
                    payment=payment.display_name,
                    date=format_date(self.env, payment.date),
                    booked=format_date(self.env, payment.date_booked),
                ))

    def _get_day(self):
        """The day in the books; empty where the file says none and nobody has."""
        self.ensure_one()
        return self.date_booked or self.date

    def _get_date_reason(self):
        """Why it cannot be posted on its day; empty where it can."""
        day = self._get_day()
        if not day:
            return "no_date"
        if day > fields.Date.context_today(self):
            return "early"
        return "closed" if self._get_lock(day) else ""

    def _get_lock(self, day):
        """The last day of the closed period in which ``day`` is, or None."""
        company = self.company_id.sudo()
        journals = (
            company.billing_adjustment_journal_id | company.billing_transfer_journal_id
            | company.billing_payment_journal_id
        )
        locks = [lock[0] for journal in journals for lock in company._get_violated_lock_dates(day, False, journal)]
        return max(locks, default=None)

    def _is_far_off(self, day):
        """Whether a day is so far in the future that the payer may have mistyped it."""
        return bool(day) and day > fields.Date.context_today(self) + FAR_OFF

    def _is_before_services(self, day):
        """Whether ``day`` is before the services of all claims that were found: then it is no day of an answer."""
        claims = self.item_ids.filtered(lambda item: item.state == "matched").claim_id
        return bool(claims) and day < min(claims.mapped("service_date"))

    @api.model
    def _release_due(self):
        """Payments of which the file came before the money: on their day they are posted."""
        today = fields.Date.context_today(self)
        self.search([
            ("state", "=", "held"), ("why", "=", "early"), "|", ("date_booked", "<=", today),
            "&", ("date_booked", "=", False), ("date", "<=", today),
        ])._set_state("ready", why=False)
