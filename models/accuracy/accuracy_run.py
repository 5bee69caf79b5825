from odoo import api, models
from odoo.fields import Domain

RUN_BATCH = 1000
# More than this is not worth waiting for at the screen.
AT_ONCE = 2000


class BillingAccuracyDocument(models.AbstractModel):
    """The run over everything that has not left: each night, and with a button."""

    _inherit = "billing.accuracy.document"

    @api.model
    def _get_accuracy_domain(self):
        """The documents that the run looks at. Hook: each model says which of them are still in the house."""
        return Domain.FALSE

    def _check_batch(self):
        """Look at these documents, and keep how they were found at first."""
        self._check_accuracy()
        self._note_first_pass()


class BillingAccuracyFinding(models.Model):
    """The run, started from the list of findings."""

    _inherit = "billing.accuracy.finding"

    @api.model
    def _cron_check(self, batch_size=RUN_BATCH):
        """Each night: look at every visit, estimate and claim that has not left yet.

        Works in batches that are saved one by one, and leaves what somebody else is changing to the next night.
        """
        for name in self._get_document_models():
            documents = self.env[name]
            domain = documents._get_accuracy_domain()
            last_id = 0
            while found := documents.search(domain & Domain("id", ">", last_id), limit=batch_size, order="id"):
                last_id = found[-1].id
                checked = found.try_lock_for_update(allow_referencing=True)
                checked._check_batch()
                self.env.flush_all()
                remaining = documents.search_count(domain & Domain("id", ">", last_id))
                if not self.env["ir.cron"]._commit_progress(len(checked), remaining=remaining):
                    return
                self.env.invalidate_all()

    @api.model
    def action_check_everything(self):
        """Look at everything that has not left now; when that takes long, in the background."""
        counts = {
            name: self.env[name].search_count(self.env[name]._get_accuracy_domain())
            for name in self._get_document_models()
        }
        total = sum(counts.values())
        if total > AT_ONCE:
            self.env.ref("billing_coordinator.cron_accuracy").sudo()._trigger()
            message = self.env._("%(count)s documents are being checked. Come back in a few minutes.", count=total)
        else:
            for name in counts:
                documents = self.env[name].search(self.env[name]._get_accuracy_domain())
                documents.check_access("write")
                documents._check_batch()
            message = self.env._("%(count)s documents checked.", count=total)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _get_document_models(self):
        return [self._fields[name].comodel_name for name in ("encounter_id", "estimate_id", "claim_id")]
