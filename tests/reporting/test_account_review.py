from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .test_statement_run import HOME, StatementRunCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAccountReview(StatementRunCase):
    """Which accounts rest, lack something, could be closed or reactivated, or are here twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Opened long before the office had computers.
        cls.env.flush_all()
        cls.env.cr.execute("UPDATE res_partner SET create_date = '2020-01-01'")
        cls.env.invalidate_all()
        cls.rest = cls._create_patient("Rita Rest", birth_date="1970-05-05", phone="555 0100 200", **HOME)
        cls.env.flush_all()
        cls.env.cr.execute("UPDATE res_partner SET create_date = '2020-01-01' WHERE id = %s", [cls.rest.id])
        cls.env.invalidate_all()

    def _row(self, partner, company=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["billing.account.review"].search([
            ("partner_id", "=", partner.id), ("company_id", "in", [False, (company or self.company).id]),
        ])

    # === MOVEMENT === #

    def test_an_account_that_never_moved_rests_since_it_was_opened(self):
        row = self._row(self.rest)
        self.assertEqual(
            (str(row.date_last), row.idle_months, row.is_idle, row.advice), ("2020-01-01", 74, True, "close"),
        )
        self.assertFalse(row.company_id, "it belongs to no company yet")

    def test_a_printed_review_has_the_accounts_of_no_company_too(self):
        request = self.env["billing.report.wizard"].create({
            "report_id": self.env.ref("billing_coordinator.report_account_review").id, "with_details": True,
        })
        screen = self.env["billing.account.review"].search_count([])
        self.assertEqual(request.record_count, screen)
        names = [
            cell for part in self.env["billing.report.table"]._read(request).parts
            for row in part.details() for cell in row.cells
        ]
        self.assertTrue(any("Rita Rest" in str(name) for name in names))

    def test_bills_payments_visits_and_talks_are_movements(self):
        bill = self._bill_to(self.rest, 10.0, date="2023-05-06")
        self.assertEqual(str(self._row(self.rest).date_last), "2023-05-06")
        self._pay(bill, date="2023-06-07")
        self.assertEqual(str(self._row(self.rest).date_last), "2023-06-07")
        self._create_encounter(self.rest, date="2023-07-08")
        self.assertEqual(str(self._row(self.rest).date_last), "2023-07-08")
        self._create_encounter(self.rest, date="2026-09-09")
        self.assertEqual(str(self._row(self.rest).date_last), "2023-07-08", "what is to come has not happened")

    def test_the_visit_of_a_child_moves_the_child_and_the_bill_both(self):
        child = self._create_patient("Tim Keller", guarantor_id=self.rest.id, birth_date="2018-01-01", **HOME)
        self._bill_to(child, 10.0, date="2024-05-06")
        self.assertEqual([str(self._row(who).date_last) for who in (child, self.rest)], ["2024-05-06"] * 2)

    def test_months_to_the_day(self):
        self.company.billing_idle_months = 24
        visit = self._create_encounter(self.rest, date="2024-03-16")
        visit.action_cancel()
        for day, months, is_idle in (("2024-03-17", 23, False), ("2024-03-16", 24, False), ("2024-03-15", 24, True)):
            self._create_encounter(self.rest, date=day).action_ready()
            row = self._row(self.rest)
            self.assertEqual((row.idle_months, row.is_idle), (months, is_idle), day)
            self.env["billing.encounter"].search([("patient_id", "=", self.rest.id)]).filtered(
                lambda visit: visit.state != "cancelled"
            ).action_cancel()
        with self.assertRaisesRegex(ValidationError, "cannot propose accounts for closing after 0 months"):
            self.company.billing_idle_months = 0

    # === ADVICE === #

    def test_what_is_open_is_not_closed(self):
        bill = self._bill_to(self.rest, 10.0, date="2023-05-06")
        row = self._row(self.rest)
        self.assertEqual((row.amount_open, row.is_idle, row.advice), (10.0, True, "none"))
        self._pay(bill, date="2023-06-07")
        self.assertEqual(self._row(self.rest).advice, "close")
        self._create_encounter(self.rest, date="2023-07-01")
        self.assertEqual(self._row(self.rest).advice, "none", "a visit waits to be billed")

    def test_a_claim_that_waits_is_not_closed(self):
        self.company.billing_idle_months = 1
        self._create_coverage(self.rest, self.plan)
        visit = self._create_encounter(self.rest, date="2026-02-05")
        self._bill(visit, date="2026-02-06")
        row = self._row(self.rest)
        self.assertEqual((row.amount_open, row.is_idle, row.advice), (0.0, True, "none"))

    def test_closed_and_moving_all_the_same_is_to_reactivate(self):
        with freeze_time("2024-01-01"):
            self.rest._billing_move("closed", "Moved away")
        self.assertEqual(self._row(self.rest).advice, "none")
        payment = self.env["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": self.rest.id, "amount": 30.0,
            "date": "2026-02-02", "journal_id": self.company.billing_payment_journal_id.id,
        })
        payment.action_post()
        row = self._row(self.rest)
        self.assertEqual((row.advice, row.amount_credit), ("reactivate", 30.0))

    def test_archived_and_owing_is_to_reactivate(self):
        self.maria.active = False
        row = self._row(self.maria)
        self.assertEqual((row.advice, row.is_archived, row.amount_open), ("reactivate", True, 100.0))
        self.rest.active = False
        self.assertFalse(self._row(self.rest), "archived, and nothing open: nobody looks at it")

    # === MISSING === #

    def test_what_is_missing_is_said(self):
        self.assertFalse(self._row(self.rest).lack_note)
        self.assertEqual(self._row(self.tom).lack_note, "No birth date, Neither phone nor e-mail")
        self.assertEqual(self._row(self.tom).advice, "complete")
        minor = self._create_patient("Mia", birth_date="2008-03-17")
        self.assertEqual(
            self._row(minor).lack_note, "No address, Neither phone nor e-mail, A minor without guarantor",
        )
        minor.birth_date = "2008-03-16"
        self.assertEqual(self._row(minor).lack_note, "No address, Neither phone nor e-mail")
        self.rest._billing_fail("phone", "Wrong number")
        self.assertEqual(self._row(self.rest).lack_note, "Phone, e-mail or address does not work")

    def test_coverage_that_has_ended(self):
        coverage = self._create_coverage(self.rest, self.plan, date_from="2023-01-01", date_to="2026-03-15")
        self._create_encounter(self.rest, date="2026-01-01")
        self.assertEqual(self._row(self.rest).lack_note, "Coverage has ended")
        coverage.date_to = TODAY
        self.assertFalse(self._row(self.rest).lack_note)

    # === TWICE === #

    def test_the_same_name_without_a_birth_date_that_speaks_against_it_is_maybe_twice(self):
        twin = self._create_patient("REST, Ríta")
        self.assertEqual((self._row(self.rest).duplicate_id, self._row(twin).duplicate_id), (twin, self.rest))
        # Whoever is here twice is not asked for what is missing twice.
        self.assertEqual(self._row(twin).advice, "merge")
        action = self._row(twin).action_merge()
        self.assertEqual(set(action["context"]["active_ids"]), {twin.id, self.rest.id})
        twin.birth_date = "1999-01-01"
        self.assertFalse(self._row(self.rest).duplicate_id)
        with self.assertRaisesRegex(UserError, "Nothing looks like"):
            self._row(self.rest).action_merge()

    # === BUTTONS === #

    def _change(self, rows, action, reason):
        window = getattr(rows, action)()
        wizard = self.env["billing.account.review.change"].browse(window["res_id"])
        wizard.reason = reason
        return wizard

    def test_those_that_can_be_are_closed_and_the_others_say_why(self):
        rows = self._row(self.rest) + self._row(self.tom)
        wizard = self._change(rows, "action_close", "No visit for two years")
        self.assertEqual(wizard.ready_count, 1)
        self.assertRegex(
            wizard.line_ids.filtered(lambda line: line.partner_id == self.tom).problem,
            "Invoice .* to Tom Berg: .*250.00",
        )
        wizard.action_apply()
        self.assertEqual((self.rest.billing_state, self.tom.billing_state), ("closed", "pending"))
        self.assertEqual(self.rest.billing_state_reason, "No visit for two years")

    def test_without_a_reason_nothing_is_closed(self):
        wizard = self._change(self._row(self.rest), "action_close", " ")
        with self.assertRaisesRegex(UserError, "Say why"):
            wizard.action_apply()
        stuck = self._change(self._row(self.tom), "action_close", "Because")
        with self.assertRaisesRegex(UserError, "None of these accounts can be moved"):
            stuck.action_apply()

    def test_closed_and_archived_accounts_are_taken_up_again(self):
        self.rest._billing_move("closed", "Moved away")
        self.maria.active = False
        rows = self.env["billing.account.review"].browse()
        rows |= self._row(self.rest) | self._row(self.maria)
        self._change(rows, "action_reactivate", "Has called").action_apply()
        self.assertIn(self.rest.billing_state, ("pending", "active"))
        self.assertIn("Has called", self.rest.billing_state_reason)
        self.assertTrue(self.maria.active)
        self.assertIn("Has called", self.maria.message_ids[0].body)

    def test_what_is_missing_is_asked_for_once(self):
        rows = self._row(self.tom) | self._row(self.rest)
        rows.action_ask()
        rows.action_ask()
        activity = self.tom.activity_ids.filtered(lambda found: found.summary.startswith("Ask"))
        self.assertEqual(activity.mapped("summary"), ["Ask Tom Berg for what is missing"])
        self.assertIn("No birth date, Neither phone nor e-mail", activity.note)
        self.assertIn("To be asked for: No birth date", "".join(self.tom.message_ids.mapped("body")))
        with self.assertRaisesRegex(UserError, "Nothing is missing"):
            self._row(self.rest).action_ask()

    # === COMPANIES, RIGHTS, QUERIES === #

    def test_money_and_movements_of_another_company_stand_in_its_own_row(self):
        other = self._create_company(name="Second practice")
        self.env.user.company_ids |= other
        other._billing_setup()
        journal = self.env["account.journal"].search([("company_id", "=", other.id), ("type", "=", "sale")], limit=1)
        bill = self.env["account.move"].with_company(other).create({
            "move_type": "out_invoice", "partner_id": self.tom.id, "invoice_date": "2026-01-01",
            "journal_id": journal.id,
            "invoice_line_ids": [Command.create({"name": "X", "price_unit": 77.0, "tax_ids": [Command.clear()]})],
        })
        bill.action_post()
        self.assertEqual((self._row(self.tom).amount_open, str(self._row(self.tom).date_last)), (250.0, "2026-03-05"))
        theirs = self.env["billing.account.review"].with_context(allowed_company_ids=[other.id]).search([
            ("partner_id", "=", self.tom.id),
        ])
        self.assertEqual((theirs.amount_open, str(theirs.date_last)), (77.0, "2026-01-01"))

    def test_readers_see_it_and_change_nothing(self):
        rosa = new_test_user(
            self.env, "rosa", groups="billing_coordinator.group_readonly", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        row = self._row(self.rest).with_user(rosa)
        self.assertEqual(row.advice, "close")
        for action in ("action_close", "action_reactivate", "action_ask"):
            with self.assertRaises(UserError):
                getattr(row, action)()
        self.assertEqual(row.action_view_source()["res_id"], self.rest.id)

    def test_reading_the_list_costs_no_query_more_per_account(self):
        names = ["partner_id", "advice", "lack_note", "duplicate_id", "amount_open", "billing_state", "date_last"]
        counts = []
        for more in (0, 0, 10):
            for number in range(more):
                self._bill_to(self._create_patient(f"Account {number}"), 10.0)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["billing.account.review"].search([]).web_read({name: {} for name in names})
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])

    def test_a_card_on_today_and_figures_by_advice(self):
        self.env.flush_all()
        groups = dict(self.env["billing.account.review"]._read_group([], ["advice"], ["account_count:sum"]))
        self.assertEqual(groups["close"], self.env.ref("billing_coordinator.worklist_account_review").record_count)
        self.assertTrue(self.env.ref("billing_coordinator.report_account_review").action_id)
        self.assertEqual(fields.Date.to_string(self._row(self.rest).date_last), "2020-01-01")
