"""The Today screen: each card counts what waits for its reader, and opens exactly that."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

OVERDUE = (
    "[('move_type', '=', 'out_invoice'), ('state', '=', 'posted'),"
    " ('invoice_date_due', '<', 'today'), ('ref', '=', 'worklist')]"
)


@freeze_time("2026-03-16")
@tagged("post_install", "-at_install")
class TestWorklist(AccountTestInvoicingCommon):
    """A Monday morning in the billing office, 16 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.env.user.group_ids += cls.env.ref("billing_coordinator.group_manager")
        cls.euro = cls.setup_other_currency("EUR")
        cls.pound = cls.setup_other_currency("GBP")
        cls.reader = cls._create_user("reader", "billing_coordinator.group_readonly")
        cls.coordinator = cls._create_user("coordinator", "billing_coordinator.group_coordinator")
        cls.manager = cls._create_user("manager", "billing_coordinator.group_manager")
        cls.outsider = cls._create_user("outsider", "base.group_user")
        cls.action = cls.env["ir.actions.act_window"].create({
            "name": "Invoices",
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": "[('move_type', '=', 'out_refund')]",
            "context": "{'search_default_draft': 1, 'default_move_type': 'out_invoice'}",
        })
        cls.worklist = cls._create_worklist()
        cls.early = cls._create_bill("2026-02-01", 100.0)
        cls.late = cls._create_bill("2026-03-04", 50.0)
        cls.not_due = cls._create_bill("2026-04-01", 70.0)

    @classmethod
    def _create_user(cls, login, group):
        return cls.env["res.users"].create({
            "name": login.title(),
            "login": f"today.{login}",
            "group_ids": [Command.set(cls.env.ref(group).ids)],
            "company_id": cls.env.company.id,
            "company_ids": [Command.set(cls.env.company.ids)],
        })

    @classmethod
    def _create_worklist(cls, **values):
        return cls.env["billing.worklist"].create({
            "name": "Late bills",
            "code": f"late_{cls.env['billing.worklist'].search_count([])}",
            "sequence": 1,
            "res_model": "account.move",
            "domain": OVERDUE,
            "action_id": cls.action.id,
            "amount_field": "amount_residual",
            "date_field": "invoice_date_due",
            "warn_after": 30,
            **values,
        })

    @classmethod
    def _create_bill(cls, due, amount, currency=None, company=None):
        bill = cls.env["account.move"].with_company(company or cls.env.company).create({
            "move_type": "out_invoice",
            "partner_id": cls.env["res.partner"].create({"name": "Ana López"}).id,
            "invoice_date": "2026-01-15",
            "invoice_date_due": due,
            "ref": "worklist",
            "currency_id": (currency or (company or cls.env.company).currency_id).id,
            "invoice_line_ids": [
                Command.create({"name": "Visit", "price_unit": amount, "tax_ids": [Command.clear()]})
            ],
        })
        bill.action_post()
        return bill

    def _card(self, user=None, worklist=None):
        return (worklist or self.worklist).with_user(user or self.coordinator)

    # === THE CARD === #

    def test_a_card_shows_how_many_how_much_and_the_oldest(self):
        card = self._card()
        self.assertEqual(card.record_count, 2)
        self.assertEqual(card.amount_text, "$\xa0150.00")
        self.assertEqual(str(card.oldest_date), "2026-02-01")
        self.assertEqual(card.age_text, "oldest: 43 days")
        self.assertTrue(card.is_urgent)
        self.assertFalse(card.problem)

    def test_a_card_is_calm_while_nothing_is_old(self):
        self.worklist.warn_after = 43
        self.assertFalse(self._card().is_urgent)
        self.worklist.warn_after = 0
        self.assertFalse(self._card().is_urgent, "zero never warns")

    def test_age_is_said_as_people_say_it(self):
        for due, text in (
            ("2026-03-16", "oldest: today"),
            ("2026-03-15", "oldest: 1 day"),
            ("2026-03-17", "next: tomorrow"),
            ("2026-03-21", "next: in 5 days"),
        ):
            bill = self._create_bill(due, 10.0)
            worklist = self._create_worklist(domain=f"[('id', '=', {bill.id})]")
            self.assertEqual(worklist.age_text, text)

    def test_a_deadline_warns_a_week_ahead(self):
        worklist = self._create_worklist(domain=f"[('id', '=', {self.not_due.id})]", warn_after=-7)
        self.assertFalse(worklist.is_urgent)
        with freeze_time("2026-03-26"):
            worklist.invalidate_recordset()
            self.assertTrue(worklist.is_urgent)

    def test_currencies_are_listed_and_never_added_up(self):
        self._create_bill("2026-03-01", 900.0, self.euro)
        self.assertEqual(self._card().amount_text, "900.00\xa0€ · $\xa0150.00")
        self._create_bill("2026-03-01", 20.0, self.pound)
        self._card().invalidate_recordset()
        self.assertEqual(self._card().amount_text, "900.00\xa0€ · $\xa0150.00 · and 1 more")
        self.assertEqual(self._card().record_count, 4)

    def test_credits_are_shown_without_a_sign(self):
        worklist = self._create_worklist(
            domain="[('move_id.ref', '=', 'worklist'), ('display_type', '=', 'product')]",
            res_model="account.move.line",
            action_id=self.env.ref("billing_coordinator.billing_credit_action").id,
            amount_field="balance",
            date_field="date",
        )
        self.assertEqual(worklist.amount_text, "$\xa0220.00")

    def test_a_card_without_amount_and_date_just_counts(self):
        card = self._card(worklist=self._create_worklist(amount_field=False, date_field=False))
        self.assertEqual(card.record_count, 2)
        self.assertFalse(card.amount_text)
        self.assertFalse(card.age_text)
        self.assertFalse(card.is_urgent)

    def test_cards_of_which_nothing_waits_come_last(self):
        empty = self._create_worklist(domain="[('ref', '=', 'nobody')]", sequence=0)
        result = self.env["billing.worklist"].with_user(self.coordinator).web_search_read(
            [("id", "in", (empty | self.worklist).ids)], {"name": {}, "record_count": {}}
        )
        self.assertEqual([card["id"] for card in result["records"]], [self.worklist.id, empty.id])

    # === COST === #

    def test_each_worklist_costs_one_query(self):
        worklists = self.worklist
        for number in range(4):
            worklists |= self._create_worklist(name=f"Late bills {number}")
        cards = worklists.with_user(self.coordinator)
        cards.mapped("record_count")
        self.env.flush_all()
        cards.invalidate_recordset(["record_count"])
        with self.assertQueryCount(5):
            cards.mapped("record_count")

    # === WHAT IT OPENS === #

    def test_a_click_opens_exactly_what_the_card_counts(self):
        action = self._card().action_open()
        opened = self.env[action["res_model"]].with_user(self.coordinator).search(action["domain"])
        self.assertEqual(opened, self.early | self.late)
        self.assertEqual(len(opened), self._card().record_count)
        self.assertEqual(action["name"], "Late bills")
        self.assertEqual(action["id"], self.action.id)

    def test_no_filter_of_the_window_hides_records(self):
        context = self._card().action_open()["context"]
        self.assertNotIn("search_default_draft", context)
        self.assertTrue(context["search_disable_custom_filters"])
        self.assertEqual(context["default_move_type"], "out_invoice")

    def test_the_domain_knows_the_reader_and_the_day(self):
        worklist = self._create_worklist(
            domain="[('create_uid', '=', uid), ('company_id', 'in', company_ids),"
            " ('invoice_date_due', '=', today)]"
        )
        self.assertEqual(
            self._card(worklist=worklist)._get_domain(),
            [
                ("create_uid", "=", self.coordinator.id),
                ("company_id", "in", self.company.ids),
                ("invoice_date_due", "=", "2026-03-16"),
            ],
        )

    # === WHO SEES WHAT === #

    def test_a_reader_sees_the_same_figures_and_changes_nothing(self):
        card = self._card(self.reader)
        self.assertEqual(card.record_count, 2)
        with self.assertRaises(AccessError):
            card.name = "Mine"
        with self.assertRaises(AccessError):
            card.unlink()

    def test_a_coordinator_does_not_rearrange_the_worklists(self):
        with self.assertRaises(AccessError):
            self._card().sequence = 5

    def test_a_manager_arranges_them(self):
        self._card(self.manager).write({"sequence": 5, "domain": "[('ref', '=', 'nobody')]"})
        self.assertEqual(self._card().record_count, 0)

    def test_somebody_outside_billing_sees_no_worklist(self):
        with self.assertRaises(AccessError):
            self.env["billing.worklist"].with_user(self.outsider).search([])

    def test_a_worklist_for_managers_is_not_shown_to_others(self):
        worklist = self._create_worklist(
            group_ids=[Command.set(self.env.ref("billing_coordinator.group_manager").ids)]
        )
        Worklist = self.env["billing.worklist"]
        self.assertNotIn(worklist, Worklist.with_user(self.coordinator).search([]))
        self.assertIn(worklist, Worklist.with_user(self.manager).search([]))

    def test_records_of_another_company_are_not_counted(self):
        other = self.setup_other_company()["company"]
        self._create_bill("2026-03-01", 500.0, company=other)
        self.assertEqual(self._card().record_count, 2)

    def test_a_worklist_on_records_that_one_may_not_read_is_left_out(self):
        action = self.env["ir.actions.act_window"].create({"name": "Rules", "res_model": "ir.rule"})
        worklist = self._create_worklist(
            res_model="ir.rule", domain="[]", action_id=action.id, amount_field=False, date_field=False
        )
        card = self._card(worklist=worklist)
        self.assertFalse(card.is_available)
        self.assertEqual(card.record_count, 0)
        self.assertNotIn(worklist, card.search([("is_available", "=", True)]))
        self.assertIn(worklist, card.search([("is_available", "=", False)]))
        with self.assertRaises(AccessError):
            card.action_open()

    def test_a_worklist_on_a_model_that_is_not_installed_is_left_out(self):
        worklist = self._create_worklist(res_model="billing.not.there", domain="[('state', '=', 'open')]")
        self.assertFalse(worklist.is_available)
        self.assertEqual(worklist.record_count, 0)

    # === WHAT THE ADDON DECLARES === #

    def test_every_declared_worklist_can_be_counted_and_opened_by_those_it_is_for(self):
        declared = self.env["ir.model.data"].search([
            ("module", "=", "billing_coordinator"),
            ("model", "=", "billing.worklist"),
        ])
        worklists = self.env["billing.worklist"].browse(declared.mapped("res_id"))
        for worklist in worklists.with_user(self.manager):
            with self.subTest(worklist=worklist.code):
                self.assertTrue(worklist.is_available)
                self.assertFalse(worklist.problem)
                self.assertTrue(worklist.empty_text)
                action = worklist.action_open()
                count = self.env[action["res_model"]].with_user(self.manager).search_count(action["domain"])
                self.assertEqual(count, worklist.record_count)

    # === WRITTEN WRONGLY === #

    def test_a_worklist_that_cannot_work_is_refused_with_the_reason(self):
        for values in (
            {"domain": "[('no_such_field', '=', 1)]"},
            {"domain": "[('state', '=', "},
            {"domain": "{}"},
            {"domain": "[('invoice_date_due', '<', 'soon')]"},
            {"amount_field": "no_such_amount"},
            {"amount_field": "name"},
            {"date_field": "amount_total"},
            {"res_model": "res.partner", "domain": "[]", "amount_field": False, "date_field": False},
        ):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, "Late bills would not work"):
                self._create_worklist(**values)

    def test_a_code_is_used_once(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._create_worklist(code=self.worklist.code)

    def test_one_broken_worklist_does_not_take_the_screen_away(self):
        broken = self._create_worklist()
        self.env.cr.execute(
            "UPDATE billing_worklist SET domain = %s WHERE id = %s", ["[('gone', '=', 1)]", broken.id]
        )
        broken.invalidate_recordset()
        cards = (broken | self.worklist).with_user(self.coordinator)
        self.assertEqual(cards.mapped("record_count"), [0, 2])
        self.assertIn("cannot be counted", cards[0].problem)
