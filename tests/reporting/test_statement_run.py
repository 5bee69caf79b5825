from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..agencies.common import AgencyCase
from ..common import TODAY

LOGGER = "odoo.addons.billing_coordinator.models.statements.statement_line_sending"
HOME = {"street": "31 Oak Lane", "city": "Aurora"}


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class StatementRunCase(AgencyCase):
    """Maria Keller gets e-mails and owes 100, Tom Berg gets letters and owes 250; Nora Neu owes 600."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.external_report_layout_id = cls.env.ref("web.external_layout_standard")
        cls.maria = cls._create_patient("Maria Keller", email="maria@example.com", zip="60502", **HOME)
        cls.tom = cls._create_patient("Tom Berg", zip="10115", **HOME)
        cls.bill = cls._bill_to(cls.maria, 100.0)
        cls.tom_bill = cls._bill_to(cls.tom, 250.0)

    @classmethod
    def _bill_to(cls, patient, price, date="2026-03-05", **values):
        visit = cls._create_encounter(patient, [(cls.service, price)], date=date, is_self_pay=True, **values)
        return cls._bill(visit, date=date)

    @classmethod
    def _prepare_run(cls, **values):
        run = cls.env["billing.statement.run"].create(values)
        run.action_prepare()
        return run

    def _line(self, run, partner):
        return run.line_ids.filtered(lambda line: line.partner_id == partner)

    def _said(self, run, partner=None):
        """(state, why not) of somebody in a run."""
        line = self._line(run, partner or self.nora)
        return line.state, line.reason_note

    def _mails(self):
        return self.env["mail.mail"].search([("model", "=", "billing.statement.line")])

    def _cron(self, method, day=TODAY):
        self.env.flush_all()
        progress = patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda self, *args, **kwargs: 1)
        with freeze_time(day), progress:
            getattr(self.env["billing.statement.run"].with_user(SUPERUSER_ID).with_context(tz=False), method)()
            self.env.flush_all()
        self.env.invalidate_all()


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestStatementRun(StatementRunCase):
    """Statements go out: who gets one, how, and what everybody else is told on screen."""

    # === PREPARING === #

    def test_everybody_who_owes_something_has_a_line_that_says_what_the_paper_says(self):
        run = self._prepare_run()
        self.assertEqual(run.state, "prepared")
        self.assertRegex(run.name, r"^ST-2026-\d{5}$")
        self.assertEqual(
            sorted(
                (line.partner_id.name, line.channel, line.address, line.amount_asked, line.state)
                for line in run.line_ids
            ),
            [
                ("Maria Keller", "email", "maria@example.com", 100.0, "in"),
                ("Nora Neu", "email", "nora@example.com", 600.0, "in"),
                ("Tom Berg", "letter", "10115", 250.0, "in"),
            ],
        )
        nora = self._line(run, self.nora)
        self.assertEqual((nora.amount_open, nora.amount_due_now), (600.0, 600.0))
        self.assertEqual((run.email_count, run.letter_count, run.out_count, run.amount_total), (2, 1, 0, 950.0))

    def test_it_asks_what_paper_ledger_ageing_and_case_say(self):
        self._dispute_of(self.january, 80.0)
        self._pay(self.february, 50.0)
        self._bill_to(self.nora, 33.0)
        case = self._open_cases().filtered(lambda case: case.partner_id == self.nora)
        line = self._line(self._prepare_run(skip_case=False), self.nora)
        items = self.env["account.move.line"].search([
            ("partner_id", "=", self.nora.id), ("account_id.account_type", "=", "asset_receivable"),
        ])
        self.assertEqual(line.amount_open, sum(items.mapped("amount_residual")))
        self.assertEqual((line.amount_open, line.amount_open), (583.0, case.amount_open))
        self.assertEqual((line.amount_disputed, case.amount_disputed), (80.0, 80.0))
        self.assertEqual(line.amount_asked, 503.0)
        self.assertEqual(line.amount_due_now, 470.0, "120 of January and 350 of February; the new bill is due in April")
        self.assertEqual(case.amount_overdue - case.amount_disputed, line.amount_due_now)
        [statement] = self.env["report.billing_coordinator.report_statement"]._get_statements(self.nora, self.company)
        self.assertEqual(sum(amount for _bucket, amount in statement["ages"]), 583.0)
        pay = self.env["report.billing_coordinator.report_statement"]._get_pay(statement)
        self.assertEqual((pay["amount"], pay["amount_text"]), (503.0, "$503.00"))
        portal = self.january | self.february
        self.assertEqual(sum(portal.mapped("amount_residual")), 550.0)

    def _dispute_of(self, bill, amount):
        return self.env["billing.dispute"].create({
            "partner_id": bill.commercial_partner_id.id,
            "category_id": self.env.ref("billing_coordinator.dispute_category_amount").id,
            "claim": "Wrong.",
            "item_ids": [Command.create({"move_line_id": bill._get_billing_receivable_item().id, "amount": amount})],
        })

    def test_insurance_pending_is_shown_and_never_asked_for(self):
        claim = self._bill(patient=self.patient).claim_ids
        self.assertEqual(claim.state, "ready")
        self.assertFalse(self._line(self._prepare_run(), self.patient), "insurance owes it, not the patient")
        self.patient.write(HOME)
        self._bill_to(self.patient, 40.0, date="2026-03-06")
        for step in (lambda: None, claim.action_send, lambda: self._deny(claim)):
            step()
            line = self._line(self._prepare_run(), self.patient)
            self.assertEqual(
                (claim.state, line.amount_waiting, line.amount_open, line.amount_asked),
                (claim.state, 500.0, 40.0, 40.0),
            )
        self.assertEqual(claim.state, "denied")

    def _deny(self, claim):
        self._answer(claim, 0.0, [(self.co_50, 500.0)])

    # === EXCLUSIONS, ONE BY ONE === #

    def test_all_disputed(self):
        self._dispute_of(self.january, 200.0)
        self.assertEqual(self._said(self._prepare_run()), ("in", False), "February is asked for")
        self._dispute_of(self.february, 400.0)
        self.assertEqual(self._said(self._prepare_run()), ("out", "All that is left is disputed."))
        self.assertEqual(self._said(self._prepare_run(skip_disputed=False)), ("in", False))

    def test_a_plan_that_is_kept(self):
        policy = self.env["billing.plan.policy"].create({
            "name": "Six", "count_usual": 6, "grace_days": 5, "missed_max": 2, "company_id": self.company.id,
        })
        plan = self.env["billing.payment.plan"].create({
            "partner_id": self.nora.id, "policy_id": policy.id, "date": TODAY, "date_first": "2026-04-01",
        })
        plan._take_debts()
        plan.action_propose()
        plan.action_accept()
        run = self._prepare_run()
        self.assertEqual(self._said(run), ("out", "A payment plan pays it, as agreed."))
        line = self._line(run, self.nora)
        self.assertEqual((line.amount_later, line.amount_asked), (500.0, 100.0))
        self.assertEqual(self._said(self._prepare_run(skip_plan=False)), ("in", False))
        self._bill_to(self.nora, 20.0)
        self.assertEqual(self._said(self._prepare_run()), ("in", False), "a bill beside the plan is asked for")

    def test_all_at_an_agency(self):
        self._place()
        self.assertEqual(self._said(self._prepare_run(skip_case=False)), ("out", "An agency asks for it."))
        self.assertEqual(self._said(self._prepare_run(skip_case=False, skip_placed=False)), ("in", False))

    def test_collections_write_anyhow(self):
        self._open_cases()
        self.assertEqual(self._said(self._prepare_run()), ("in", False), "nothing is written yet")
        self._night()
        self.assertEqual(self._said(self._prepare_run()), ("out", "Collections write to them."))
        self.assertEqual(self._said(self._prepare_run(skip_case=False)), ("in", False))

    def test_on_hold(self):
        self.nora._set_state("on_hold", "Unpaid")
        self.assertEqual(self._said(self._prepare_run()), ("out", "The account is on hold or closed."))
        self.assertEqual(self._said(self._prepare_run(skip_hold=False)), ("in", False))

    def test_barred(self):
        for values, words in (
            ({"billing_bankrupt_on": "2026-03-01"}, "Bankrupt."),
            ({"billing_deceased_on": "2026-03-01"}, "Has died."),
            ({"birth_date": "2010-01-01"}, "Is a minor without a guarantor."),
            ({"billing_contact_stopped_on": "2026-03-01"}, "Asked not to be contacted."),
        ):
            self.nora.write(values)
            self.assertEqual(self._said(self._prepare_run()), ("out", words))
            self.assertEqual(self._said(self._prepare_run(skip_barred=False)), ("in", False))
            self.nora.write(dict.fromkeys(values, False))

    def test_letters_that_come_back(self):
        self.tom.action_billing_letter_back()
        self.assertEqual(self._said(self._prepare_run(), self.tom), ("out", "Letters to this address come back."))
        self.assertEqual(self._said(self._prepare_run(skip_address=False), self.tom), ("in", False))
        self.tom.billing_confidential_address = "Box 5, 60601 Chicago"
        run = self._prepare_run()
        self.assertEqual(self._said(run, self.tom), ("in", False))
        self.assertFalse(self._line(run, self.tom).address, "the postal code at home is not where it goes")

    def test_nowhere_to_send_it(self):
        self.tom.write({"street": False})
        run = self._prepare_run(skip_address=False)
        words = "Neither an e-mail address that may be used nor a postal address."
        self.assertEqual(self._said(run, self.tom), ("out", words))
        with self.assertRaisesRegex(UserError, "Tom Berg cannot get a statement: Neither an e-mail"):
            self._line(run, self.tom).action_take_in()

    def test_credit_covers_it(self):
        payment = self.env["account.payment"].create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": self.tom.id, "amount": 250.0,
            "date": TODAY, "journal_id": self.company.billing_payment_journal_id.id,
        })
        payment.action_post()
        run = self._prepare_run()
        self.assertEqual(self._said(run, self.tom), ("out", "Owes nothing."))
        with self.assertRaisesRegex(UserError, "Tom Berg cannot get a statement: Owes nothing."):
            self._line(run, self.tom).action_take_in()

    def test_minimum_in_the_currency_of_the_company(self):
        self.assertEqual(
            self._said(self._prepare_run(amount_min=100.01), self.maria),
            ("out", "Less than $\N{NO-BREAK SPACE}100.01."),
        )
        self.assertEqual(self._said(self._prepare_run(amount_min=100.0), self.maria), ("in", False))
        self.company.billing_statement_min = 200.0
        self.assertEqual(self._said(self._prepare_run(), self.maria)[0], "out")
        with self.assertRaisesRegex(ValidationError, "“From” of ST-.* cannot be less than nothing"):
            self._prepare_run(amount_min=-1.0)

    def test_minimum_for_bills_in_yen_and_euros(self):
        for code, rate, amount, worth in (("JPY", 150.0, 1000.0, 6.67), ("EUR", 0.5, 4.0, 8.0)):
            currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", code)])
            currency.active = True
            currency.rate_ids.unlink()
            self.env["res.currency.rate"].create({
                "name": "2026-01-01", "rate": rate, "currency_id": currency.id, "company_id": self.company.id,
            })
            debtor = self._create_patient(f"Debtor in {code}", zip="1", **HOME)
            bill = self.env["account.move"].create({
                "move_type": "out_invoice", "partner_id": debtor.id, "currency_id": currency.id,
                "invoice_date": "2026-03-01",
                "invoice_line_ids": [Command.create({"name": "X", "price_unit": amount, "tax_ids": [Command.clear()]})],
            })
            bill.action_post()
            run = self._prepare_run(amount_min=worth - 0.01)
            line = self._line(run, debtor)
            self.assertEqual((line.currency_id, line.amount_asked, line.state), (currency, amount, "in"))
            self.assertEqual(self._said(self._prepare_run(amount_min=worth + 0.01), debtor)[0], "out")

    # === CYCLES === #

    def test_cycles(self):
        self.maria.billing_statement_cycle = "quarterly"
        self.tom.billing_statement_cycle = "request"
        run = self._prepare_run()
        self.assertEqual(self._said(run, self.maria), ("out", "Statements: Every three months."))
        self.assertEqual(self._said(run, self.tom), ("out", "Statements: On request only."))
        everybody = self._prepare_run(cycle="all")
        self.assertEqual(everybody.line_ids.mapped("state"), ["in"] * 3)
        with freeze_time("2026-04-30"):
            self.assertEqual(self._said(self._prepare_run(), self.maria), ("in", False))

    def test_who_had_one_gets_the_next_one_next_month_and_not_within_days(self):
        self.company.billing_statement_recent_days = 14
        with freeze_time("2028-01-31"):
            self._prepare_run(skip_case=False).action_send()
        with freeze_time("2028-01-31"):
            run = self._prepare_run(skip_case=False)
            self.assertEqual(self._said(run, self.tom), ("out", "Had this month's statement on 01/31/2028."))
        with freeze_time("2028-02-01"):
            self.assertEqual(
                self._said(self._prepare_run(), self.tom), ("out", "Had a statement on 01/31/2028."),
            )
        with freeze_time("2028-02-29"):
            self.assertEqual(self._said(self._prepare_run(), self.tom), ("in", False))
        self.assertEqual(str(self.tom.billing_statement_date), "2028-01-31")
        self.assertEqual(
            self.env["res.partner"].search([("billing_statement_date", ">=", "2028-01-31")]) & (self.tom + self.maria),
            self.tom + self.maria,
        )

    # === BY HAND === #

    def test_a_person_takes_one_out_and_another_one_in(self):
        self.tom.billing_statement_cycle = "request"
        run = self._prepare_run()
        self._line(run, self.tom).action_take_in()
        self._line(run, self.maria).action_take_out()
        self.assertEqual(self._said(run, self.tom), ("in", False))
        self.assertEqual(self._said(run, self.maria), ("out", f"Taken out by {self.env.user.name}."))
        self.assertEqual(run.amount_total, 850.0)
        run.action_prepare()
        self.assertEqual((self._said(run, self.tom)[0], self._said(run, self.maria)[0]), ("in", "out"))
        run.action_send()
        self.assertEqual(self._line(run, self.maria).state, "out")
        with self.assertRaisesRegex(UserError, "is “Sent”: who gets a statement is decided while"):
            self._line(run, self.maria).action_take_in()

    # === CHANNELS === #

    def test_a_consent_taken_back_and_an_address_that_fails_mean_a_letter(self):
        self.maria.write({"zip": "60502"})
        self.assertEqual(self._line(self._prepare_run(), self.maria).channel, "email")
        self.maria._refuse_channel("email")
        self.assertEqual(self._line(self._prepare_run(channel="email"), self.maria).channel, "letter")
        self.nora.write(HOME)
        self.nora._billing_fail("email", "A message bounced")
        self.assertEqual(self._line(self._prepare_run(), self.nora).channel, "letter")

    def test_the_house_decides_and_the_person_prefers(self):
        self.nora.write({"billing_channel": "letter", **HOME})
        channels = {
            rule: [self._line(run, partner).channel for partner in (self.maria, self.nora, self.tom)]
            for rule in ("preferred", "email", "letter") for run in [self._prepare_run(channel=rule)]
        }
        self.assertEqual(channels, {
            "preferred": ["email", "letter", "letter"],
            "email": ["email", "email", "letter"],
            "letter": ["letter", "letter", "letter"],
        })

    # === SENDING === #

    def test_e_mails_go_out_and_letters_become_one_file_by_postal_code(self):
        self.nora.write({"billing_channel": "letter", "zip": "09111", **HOME})
        run = self._prepare_run()
        run.action_send()
        self.assertEqual((run.state, run.user_id, run.sent_count), ("sent", self.env.user, 3))
        [mail] = self._mails()
        self.assertEqual(mail.recipient_ids, self.maria)
        self.assertEqual(mail.subject, f"{self.company.name}: your statement")
        self.assertIn("Please pay <strong>$\N{NO-BREAK SPACE}100.00</strong>", mail.body_html)
        [paper] = mail.attachment_ids
        self.assertIn("Statement company_1_data 2026-03-16", paper.name)
        self.assertIn("Maria Keller", paper.raw.decode())
        self.assertNotIn("Tom Berg", paper.raw.decode())
        file = run.file_ids.raw.decode()
        self.assertNotIn("Maria Keller", file)
        self.assertLess(file.index("Nora Neu"), file.index("Tom Berg"), "09111 before 10115")
        self.assertEqual(run.action_download()["url"], f"/web/content/{run.file_ids.id}?download=true")
        self.assertEqual(run.file_ids.name, f"Statements {run.name}.html")

    def test_letters_by_name(self):
        self.maria.write({"billing_channel": "letter", "zip": "99999"})
        run = self._prepare_run(letter_order="name")
        run.action_send()
        file = run.file_ids.raw.decode()
        self.assertLess(file.index("Maria Keller"), file.index("Tom Berg"))

    def test_each_debtor_says_what_was_sent(self):
        run = self._prepare_run()
        run.action_send()
        self.assertIn(
            f"Statement of {run.name} sent by e-mail to maria@example.com: $&nbsp;100.00 asked for, $&nbsp;0.00 of it "
            "due now.",
            self.maria.message_ids[0].body,
        )
        self.assertIn(f"Statement of {run.name} sent by letter: $&nbsp;250.00 asked for", self.tom.message_ids[0].body)
        self.assertEqual(str(self.tom.billing_statement_date), TODAY)
        self.assertEqual((run.email_count, run.letter_count, run.failed_count), (2, 1, 0))

    def test_nothing_about_health_goes_out(self):
        self._prepare_run().action_send()
        for mail in self._mails():
            for text in (mail.subject, mail.body_html, mail.attachment_ids.raw.decode()):
                self.assertNotIn("Office visit", text)
                self.assertNotIn("Dr. Ruth Stein", text)

    def test_who_has_paid_meanwhile_is_left_in_peace_and_others_are_asked_for_what_is_left(self):
        run = self._prepare_run()
        self._pay(self.bill)
        self._pay(self.tom_bill, 50.0)
        run.action_send()
        self.assertEqual(self._said(run, self.maria), ("out", "Owes nothing any more."))
        self.assertEqual((self._line(run, self.tom).amount_asked, self._line(run, self.tom).state), (200.0, "sent"))
        self.assertEqual(run.amount_total, 800.0)
        self.assertIn("$200.00", run.file_ids.raw.decode())

    def test_who_takes_the_consent_back_meanwhile_gets_a_letter(self):
        run = self._prepare_run()
        self.maria._refuse_channel("email")
        run.action_send()
        self.assertEqual((self._line(run, self.maria).channel, self._line(run, self.maria).state), ("letter", "sent"))
        self.assertIn("Maria Keller", run.file_ids.raw.decode())
        self.assertEqual(self._mails().recipient_ids, self.nora)

    def test_many_go_out_in_the_background_in_parts(self):
        path = "odoo.addons.billing_coordinator.models.statements.statement_run_sending"
        with patch(f"{path}.AT_ONCE", 0), patch(f"{path}.PART", 1), patch(f"{path}.MAIL_BATCH", 1):
            self.nora.write({"billing_channel": "letter", "zip": "09111", **HOME})
            run = self._prepare_run()
            run.action_send()
            self.assertEqual((run.state, run.waiting_count, run.progress), ("sending", 3, 0.0))
            self._cron("_cron_send")
        self.assertEqual((run.state, run.sent_count, run.progress), ("sent", 3, 100.0))
        self.assertEqual(len(run.file_ids), 1)
        file = run.file_ids.raw.decode()
        self.assertLess(file.index("Nora Neu"), file.index("Tom Berg"))
        parts = self.env["ir.attachment"].search([("res_model", "=", run._name), ("res_id", "=", run.id)])
        self.assertEqual(parts, run.file_ids, "parts are gone once they are joined")
        self._cron("_cron_send")
        self.assertEqual(len(self._mails()), 1)

    def test_very_many_letters_are_several_files(self):
        path = "odoo.addons.billing_coordinator.models.statements.statement_run_sending"
        with patch(f"{path}.AT_ONCE", 0), patch(f"{path}.PART", 1), patch(f"{path}.FILE", 2):
            run = self._prepare_run(channel="letter")
            self.nora.write(HOME)
            run.action_prepare()
            run.action_send()
            self._cron("_cron_send")
        self.assertEqual(run.file_ids.mapped("name"), [f"Statements {run.name} {n}.html" for n in (1, 2)])

    def test_one_that_cannot_be_sent_stops_no_other_and_can_be_tried_again(self):
        run = self._prepare_run()
        line = self._line(run, self.tom)
        real = type(line)._print

        def fail(lines):
            if self.tom in lines.partner_id:
                raise UserError("The printer says no.")
            return real(lines)

        with patch.object(type(line), "_print", fail), self.assertLogs(LOGGER, level="WARNING"):
            run.action_send()
        self.assertEqual((run.state, run.failed_count, run.sent_count), ("sent", 1, 2))
        self.assertEqual(self._said(run, self.tom), ("failed", "The printer says no."))
        run.action_try_again()
        self.assertEqual((run.state, run.failed_count, run.sent_count), ("sent", 0, 3))
        self.assertIn("Tom Berg", run.file_ids.raw.decode())

    def test_stopped_on_the_way_it_keeps_back_what_is_not_out(self):
        path = "odoo.addons.billing_coordinator.models.statements.statement_run_sending"
        with patch(f"{path}.AT_ONCE", 0):
            run = self._prepare_run()
            run.action_send()
        self._line(run, self.maria)._send_safely()
        run.action_stop()
        self._cron("_cron_send")
        self.assertEqual((run.state, run.sent_count), ("prepared", 1))
        with self.assertRaisesRegex(UserError, "Part of ST-.* is out already"):
            run.action_cancel()
        run.action_prepare()
        self.assertEqual((run.sent_count, run.waiting_count), (1, 2))
        run.action_send()
        self.assertEqual((run.state, run.sent_count, len(self._mails())), ("sent", 3, 2))

    def test_nobody_to_write_to_is_said(self):
        run = self._prepare_run(amount_min=10000.0)
        with self.assertRaisesRegex(UserError, "Nobody gets a statement from ST-"):
            run.action_send()
        run.action_cancel()
        with self.assertRaisesRegex(UserError, "cannot become|was released|only one that"):
            run.action_send()

    def test_sent_twice_it_goes_out_once(self):
        run = self._prepare_run()
        run.action_send()
        with self.assertRaisesRegex(UserError, "is “Sent”: only one that is to be looked at is released"):
            run.action_send()
        self.assertEqual(len(self._mails()), 2)

    def test_two_currencies_are_two_statements(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        bill = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.tom.id, "currency_id": euro.id, "invoice_date": "2026-03-01",
            "invoice_line_ids": [Command.create({"name": "X", "price_unit": 40.0, "tax_ids": [Command.clear()]})],
        })
        bill.action_post()
        run = self._prepare_run()
        lines = self._line(run, self.tom)
        self.assertEqual(sorted(lines.mapped("amount_asked")), [40.0, 250.0])
        run.action_send()
        self.assertEqual(lines.mapped("state"), ["sent", "sent"])
        self.assertEqual(run.file_ids.raw.decode().count("Your statement"), 2)

    def test_a_letter_that_comes_back_marks_the_address(self):
        run = self._prepare_run()
        run.action_send()
        self._line(run, self.tom).action_came_back()
        self.assertIn("A letter came back", self.tom.billing_address_failure)
        with self.assertRaisesRegex(UserError, "Maria Keller is no letter that was sent"):
            self._line(run, self.maria).action_came_back()

    # === NIGHT === #

    def test_the_night_prepares_once_a_month_and_releases_nothing(self):
        runs = self.env["billing.statement.run"]
        self._cron("_cron_prepare")
        self.assertFalse(runs.search([]), "nobody has set a day")
        self.company.billing_statement_day = 31
        for day, count in (
            ("2028-02-28", 0), ("2028-02-29", 1), ("2028-03-01", 1), ("2028-03-30", 1), ("2028-03-31", 2),
        ):
            self._cron("_cron_prepare", day)
            self._cron("_cron_prepare", day)
            self.assertEqual(len(runs.search([])), count, day)
        self.assertEqual(set(runs.search([]).mapped("state")), {"prepared"})
        self.assertFalse(self._mails())
        card = self.env.ref("billing_coordinator.worklist_statement_runs")
        self.assertEqual(card.record_count, 2)
        with self.assertRaisesRegex(ValidationError, "cannot prepare statements on day 32"):
            self.company.billing_statement_day = 32

    # === COMPANIES AND RIGHTS === #

    def test_another_companys_bills_people_and_runs_are_its_own(self):
        other = self._create_company(name="Second practice")
        self.env.user.company_ids |= other
        other._billing_setup()
        run = self._prepare_run(company_id=other.id)
        self.assertFalse(run.line_ids)
        mine = self._prepare_run()
        reader = new_test_user(
            self.env, "second", groups="billing_coordinator.group_coordinator", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertEqual(self.env["billing.statement.run"].with_user(reader).search([]), run)
        self.assertFalse(self.env["billing.statement.line"].with_user(reader).search([]))
        with self.assertRaises(AccessError):
            mine.with_user(reader).read(["name"])

    def test_coordinators_do_all_of_it_and_readers_look(self):
        values = {"company_id": self.company.id, "company_ids": [Command.set(self.company.ids)]}
        cora = new_test_user(self.env, "cora", groups="billing_coordinator.group_coordinator", **values)
        rosa = new_test_user(self.env, "rosa", groups="billing_coordinator.group_readonly", **values)
        run = self.env["billing.statement.run"].with_user(cora).create({})
        run.action_prepare()
        self._line(run, self.tom).action_take_out()
        self._line(run, self.tom).action_take_in()
        run.action_send()
        self.assertEqual((run.state, run.user_id), ("sent", cora))
        self.assertIn("Tom Berg", run.file_ids.raw.decode())
        read = run.with_user(rosa)
        self.assertEqual((read.email_count, read.file_ids), (2, run.file_ids))
        other = self._prepare_run()
        for action in ("action_prepare", "action_send", "action_cancel"):
            with self.assertRaises(AccessError):
                getattr(other.with_user(rosa), action)()
        with self.assertRaises(AccessError):
            self._line(other, self.tom).with_user(rosa).action_take_out()

    def test_amounts_and_states_are_never_typed(self):
        run = self._prepare_run()
        cora = new_test_user(
            self.env, "cora", groups="billing_coordinator.group_coordinator", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        line = self._line(run, self.tom).with_user(cora)
        for values in ({"amount_asked": 1.0}, {"state": "sent"}, {"channel": "email"}):
            with self.assertRaises(UserError):
                line.write(values)
        with self.assertRaisesRegex(UserError, "Prepare a statement run"):
            line.create({"run_id": run.id, "partner_id": self.nora.id, "currency_id": self.company.currency_id.id})

    # === BETWEEN PREPARING AND SENDING === #

    def test_two_accounts_that_become_one_get_one_statement(self):
        twin = self._create_patient("Maria K.", email="maria@example.com", zip="60502", **HOME)
        self._bill_to(twin, 55.0)
        run = self._prepare_run()
        both = self.maria | twin
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(both.ids, self.maria)
        self.env.invalidate_all()
        run.action_send()
        lines = self._line(run, self.maria).sorted("state")
        self.assertEqual(lines.mapped(lambda line: (line.state, line.amount_asked)), [("out", 55.0), ("sent", 155.0)])
        self.assertIn("which has its statement of this run", lines[0].reason_note)
        self.assertEqual(len(self._mails().filtered(lambda mail: self.maria in mail.recipient_ids)), 1)

    def _bill_euros(self, partner):
        """A bill of 30 euros, for somebody who owes dollars, too."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        bill = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": partner.id, "invoice_date": "2026-03-01",
            "currency_id": euro.id,
            "invoice_line_ids": [Command.create({"name": "Film", "price_unit": 30.0, "tax_ids": [Command.clear()]})],
        })
        bill.action_post()
        return euro

    def test_who_owes_in_two_currencies_hears_of_both_whichever_goes_out_first(self):
        euro = self._bill_euros(self.maria)
        run = self._prepare_run()
        run._release()
        lines = self._line(run, self.maria)
        self.assertEqual(len(lines), 2)
        for line in lines:
            line._send_safely()
            self.env.invalidate_all()
        self.assertEqual(
            {(line.currency_id, line.state, line.amount_asked) for line in lines},
            {(euro, "sent", 30.0), (self.company.currency_id, "sent", 100.0)},
        )

    def test_a_run_that_was_stopped_between_two_currencies_keeps_the_other_one(self):
        euro = self._bill_euros(self.maria)
        run = self._prepare_run()
        run._release()
        self._line(run, self.maria).filtered(lambda line: line.currency_id != euro)._send_safely()
        run.action_stop()
        run.action_prepare()
        lines = self._line(run, self.maria)
        self.assertEqual(
            {(line.currency_id, line.state) for line in lines}, {(euro, "in"), (self.company.currency_id, "sent")},
        )
        run.action_send()
        self.assertEqual(set(lines.mapped("state")), {"sent"})

    def test_what_is_no_address_at_all_gets_a_letter(self):
        self.maria.email = "maria at example"
        run = self._prepare_run()
        self.assertEqual(self._line(run, self.maria).channel, "letter")
        self.maria.email = "maria@example.com"
        run.action_prepare()
        self.maria.email = "maria at example"
        run.action_send()
        self.assertEqual((self._line(run, self.maria).channel, self._said(run, self.maria)[0]), ("letter", "sent"))

    # === QUERIES === #

    def test_preparing_and_looking_again_cost_no_query_more_per_debtor(self):
        run = self._prepare_run()
        counts = []
        for more in (0, 8):
            for number in range(more):
                debtor = self._create_patient(f"Debtor {number}", zip="1", **HOME)
                self._bill_to(debtor, 50.0 + number)
            for _again in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                run.action_prepare()
                self.env.flush_all()
                prepared = self.cr.sql_log_count - before
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                run.line_ids._get_facts()
                counts.append((prepared, self.cr.sql_log_count - before))
        self.assertEqual(counts[1], counts[3])

    def test_printing_costs_no_query_more_per_letter(self):
        counts = []
        for more in (1, 8):
            for number in range(more):
                debtor = self._create_patient(f"Debtor {more} {number}", zip="1", **HOME)
                self._bill_to(debtor, 50.0 + number)
            lines = self._prepare_run(channel="letter").line_ids.filtered(lambda line: line.state == "in")
            report = self.env["ir.actions.report"]
            for _again in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                report._render_qweb_html("billing_coordinator.report_statement_line", lines.ids)
                count = self.cr.sql_log_count - before
            counts.append(count)
        self.assertEqual(*counts)
