import logging

from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import split_every

_logger = logging.getLogger(__name__)
# Somebody else was faster: what they did stands, and ours is looked at anew.
OVERTAKEN = (DeadlockDetected, SerializationFailure)

BATCH_SIZE = 200


class BillingNightly(models.AbstractModel):
    """What happens by itself each night: company by company, each on its own day, in batches that are saved one by one.

    For models that belong to a company.
    """

    _name = "billing.nightly"
    _description = "Works at night"

    @api.model
    def _by_company(self):
        """This model as each company sees it, with the time of day where the company is.

        The night's user lives in no time zone: in the afternoon of America, its day is over already.
        """
        for company in self.env["res.company"].sudo().search([]):
            yield self.with_company(company).with_context(tz=company.partner_id.tz or "UTC")

    @api.model
    def _work_through(self, *tasks, batch_size=BATCH_SIZE, among=None):
        """Do these tasks, in their order, for all companies.

        Records that somebody works on right now are left for the next night; so is all that there was no time for.

        :param tasks: (get_domain, action) pairs. ``get_domain(model)`` says which records of a company it is about,
            ``action(records)`` is done with those to which it still applies when it is their turn
        :param among: names of the models that it is about, in their order; this one where nothing is said
        """
        cron = self.env["ir.cron"]
        found = []
        models_by_company = [here.env[name] for name in among or [self._name] for here in self._by_company()]
        for get_domain, action in tasks:
            for model in models_by_company:
                domain = Domain(get_domain(model)) & Domain("company_id", "=", model.env.company.id)
                found.append((model, domain, action, model.search(domain, order="id").ids))
        cron._commit_progress(remaining=sum(len(ids) for *_rest, ids in found))
        for model, domain, action, ids in found:
            for batch in split_every(batch_size, ids):
                try:
                    self._work_on(model.browse(batch), domain, action)
                except OVERTAKEN:
                    # Somebody has changed one of them a moment ago: the next night looks at these again.
                    _logger.info("%s: records changed meanwhile are left for the next night.", model._description)
                    self.env.cr.rollback()
                if not cron._commit_progress(len(batch)):
                    return

    @api.model
    def _work_on(self, records, domain, action):
        """Do a task with those of a batch that are free and to which it still applies."""
        free = records.try_lock_for_update(allow_referencing=True)
        if due := records.search(domain & Domain("id", "in", free.ids), order="id"):
            action(due)
            # What somebody else was faster at shows here, not when it is saved.
            self.env.flush_all()
