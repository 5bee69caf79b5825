from odoo.tests import HttpCase, tagged

from .test_statement_run import StatementRunCase


@tagged("post_install", "-at_install", "is_tour")
class TestStatementTour(StatementRunCase, HttpCase):
    """In the browser: prepare, take one out, send, download."""

    # The browser lives in the real today.
    freeze_time = None

    def test_a_run_is_prepared_looked_at_and_sent(self):
        self.start_tour("/odoo/action-billing_coordinator.billing_worklist_action_today", "billing_statement_run",
                        login=self.env.user.login)
        self.env.invalidate_all()
        run = self.env["billing.statement.run"].search([])
        self.assertEqual(
            {line.partner_id.name: (line.state, line.channel) for line in run.line_ids},
            {"Maria Keller": ("sent", "email"), "Nora Neu": ("out", "email"), "Tom Berg": ("sent", "letter")},
        )
        self.assertEqual((run.state, len(self._mails()), len(run.file_ids)), ("sent", 1, 1))
