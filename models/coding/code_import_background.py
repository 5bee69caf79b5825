import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..kept_file import open_kept
from .stage import drop_staged

_logger = logging.getLogger(__name__)


class BillingCodeImport(models.Model):
    """Large files wait here for the scheduled action, which loads them batch by batch."""

    _inherit = "billing.code.import"

    @api.model
    def _cron_load(self):
        """Load what waits, one file after the other; what was cut off goes on.

        A file that was begun is loaded to its end. Those for which there is no time then are told as remaining, so that
        the scheduled action comes back for them at once.
        """
        waiting = Domain("state", "in", ("waiting", "running"))
        for loading in self.search(waiting, order="id"):
            loading = loading.try_lock_for_update()  # noqa: PLW2901
            if not loading:
                continue
            try:
                loading.with_user(loading.user_id).with_context(lang=loading.user_id.lang)._run_in_background()
            except OperationalError:
                # Somebody changed the same codes meanwhile: the next run finds what is still to be done.
                self.env.cr.rollback()
                self.env.ref("billing_coordinator.cron_load_codes")._trigger()
            except Exception as error:  # one bad file stops no other
                self.env.cr.rollback()
                if not isinstance(error, UserError):
                    _logger.exception("Loading %s failed", loading.name)
                loading._set_state("failed", report=str(error))
            drop_staged(self.env)
            if not self.env["ir.cron"]._commit_progress(1, remaining=self.search_count(waiting)):
                break

    def _run_in_background(self):
        """Load one file in batches."""
        progress = self.env["ir.cron"]._commit_progress
        with open_kept(self, "file") as file:
            self._run(file, commit=lambda done, remaining: progress(done, remaining=remaining))
