from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date


class AccountJournal(models.Model):
    """Journals: whether billing may still write on a day."""

    _inherit = "account.journal"

    def _billing_check_date(self, date, document, has_tax=False):
        """Refuse a date in a closed period instead of moving it silently to another day.

        :param date: accounting date wanted
        :param str document: name of what is being posted, for the sentence
        :param bool has_tax: whether taxes are written too
        :raise UserError: when the books are closed on that day
        """
        self.ensure_one()
        locks = self.company_id._get_violated_lock_dates(date, has_tax, self)
        if locks:
            raise UserError(self.env._(
                "%(document)s cannot be posted on %(date)s: the books of %(company)s are closed until %(lock)s. Choose "
                "a later date, or ask accounting to reopen the period.",
                document=document,
                date=format_date(self.env, date),
                company=self.company_id.name,
                lock=format_date(self.env, locks[-1][0]),
            ))
