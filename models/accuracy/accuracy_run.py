from odoo import api, fields, models
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

        Works in batches that are saved one by one, and leaves what somebody else is changing to the next night. A night
        that is cut short goes on where it stopped.
        """
        waiting = self._get_waiting_domain()
        self.env["billing.nightly"]._work_through(
            (lambda documents: documents._get_accuracy_domain() & waiting, lambda documents: documents._check_batch()),
            batch_size=batch_size,
            among=self._get_document_models(),
        )

    @api.model
    def _get_waiting_domain(self):
        """Which documents the run still has to look at: those not looked at since it was due.

        When it was not due yet, somebody has asked for it: those that wait since then.
        """
        due = self.env.ref("billing_coordinator.cron_accuracy").sudo().nextcall
        waiting = Domain("accuracy_date", "=", False)
        return waiting | Domain("accuracy_date", "<", due) if due <= fields.Datetime.now() else waiting

    @api.model
    def action_check_everything(self):
        """Look at everything that has not left now; when that takes long, in the background."""
        found = [self.env[name].search(self.env[name]._get_accuracy_domain()) for name in self._get_document_models()]
        total = sum(map(len, found))
        for documents in found:
            documents.check_access("write")
            if total > AT_ONCE:
                # Who may write them, and was asked above, may have them looked at; nobody types when.
                documents.sudo().write({"accuracy_date": False})
            else:
                documents._check_batch()
        if total > AT_ONCE:
            self.env.ref("billing_coordinator.cron_accuracy").sudo()._trigger()
            message = self.env._("%(count)s documents are being checked. Come back in a few minutes.", count=total)
        else:
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
