from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestApproval(BillingCase):
    """New accounts are approved by rules or by a manager, and are billed only as far as that allows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        cls.coordinator = new_test_user(cls.env, "cora", "billing_coordinator.group_coordinator", **values)
        cls.manager = new_test_user(cls.env, "max", "billing_coordinator.group_manager", **values)
        cls.complete = cls._create_patient("Eva Roth", birth_date="1990-01-01", phone="(708) 555-0111")
        cls.incomplete = cls._create_patient("Tom Gray")

    def _hold(self, account, reason="Lawyer's letter"):
        self._change(account.action_billing_hold(), reason)

    def _change(self, action, reason, user=None):
        wizard = self.env["billing.account.change"].with_user(user or self.env.user).browse(action["res_id"])
        wizard.reason = reason
        wizard.action_apply()

    # === WHO HAS A STATE === #

    def test_bills_of_a_child_stop_when_the_mothers_account_is_on_hold_or_closed(self):
        mother = self._create_patient("Eva Keller", birth_date="1990-01-01", phone="(708) 555-0100")
        child = self._create_patient("Leo Keller", guarantor_id=mother.id)
        visit = self._create_encounter(child)
        visit.action_ready()
        self.assertIn(visit, [record for _sentence, record in mother._describe_open_business()])
        mother._billing_move("pending", "Complete")
        self.assertEqual(mother.billing_state, "active", "a rule has approved it")
        mother._billing_move("on_hold", "Returned mail")
        self.assertRegex(visit.account_notice, "Eva Keller.* is on hold: Returned mail")
        with self.assertRaisesRegex(UserError, "Eva Keller.* is on hold: Returned mail. Release the account"):
            visit._bill()
        mother._billing_move("active", "New address")
        self.assertEqual(visit.account_notice, "Leo Keller is not approved yet.", "but not on hold")

    def test_patients_and_clients_begin_as_new_other_contacts_have_no_state(self):
        self.assertEqual(self.incomplete.billing_state, "new")
        self.assertFalse(self.provider.billing_state or self.payer.billing_state)
        quick = self.env["res.partner"].with_context(default_is_billing_account=True).name_create("Quick Quinn")
        self.assertEqual(self.env["res.partner"].browse(quick[0]).billing_state, "new")

    def test_somebody_who_becomes_a_patient_is_new_and_stops_being_one_when_nothing_is_open(self):
        self.provider.is_billing_account = True
        self.assertEqual(self.provider.billing_state, "new")
        self.provider.is_billing_account = False
        self.assertFalse(self.provider.billing_state)
        self._create_encounter(self.incomplete)
        with self.assertRaisesRegex(UserError, "Tom Gray.* cannot be closed while this is open"):
            self.incomplete.is_billing_account = False

    def test_a_copy_is_new_whatever_the_original_was(self):
        self.complete.action_billing_submit()
        self.assertEqual((self.complete.billing_state, self.complete.copy().billing_state), ("active", "new"))

    def test_the_state_is_not_typed_over(self):
        for account in (self.complete, self.env["res.partner"]):
            with self.assertRaisesRegex(UserError, "cannot be typed over"):
                if account:
                    account.write({"billing_state": "active"})
                else:
                    account.create({"name": "Nina", "is_billing_account": True, "billing_state": "active"})

    # === RULES === #

    def test_a_person_with_birth_date_and_phone_is_approved_by_the_rule(self):
        self.cr.flush()
        account = self.complete.with_user(self.coordinator).with_context(tracking_disable=False, mail_notrack=False)
        account.action_billing_submit()
        self.assertEqual(self.complete.billing_state, "active")
        self.assertEqual(
            self.complete.billing_state_reason,
            "Approved by the rule “Person with birth date and a way to reach them”",
        )
        self.env.flush_all()
        self.cr.flush()
        message = self.complete.message_ids[0]
        self.assertIn("Approved by the rule", message.body)
        self.assertEqual(message.author_id, self.coordinator.partner_id)

    def test_a_company_with_an_address_is_approved_without_one_it_waits(self):
        firm, shop = self.env["res.partner"].create([
            {"name": "Works", "is_company": True, "is_billing_account": True, "street": "1 Road", "city": "Joliet"},
            {"name": "Shop", "is_company": True, "is_billing_account": True},
        ])
        (firm + shop).action_billing_submit()
        self.assertEqual((firm.billing_state, shop.billing_state), ("active", "pending"))

    def test_what_no_rule_approves_waits_for_a_manager_who_is_told(self):
        self.incomplete.with_user(self.coordinator).action_billing_submit()
        self.assertEqual(self.incomplete.billing_state, "pending")
        activity = self.incomplete.activity_ids
        self.assertEqual(activity.summary, "Approve the account of Tom Gray")
        self.assertTrue(activity.user_id.has_group("billing_coordinator.group_manager"))
        self.incomplete.with_user(self.manager).action_billing_approve()
        self.assertEqual(self.incomplete.billing_state, "active")
        self.assertEqual(self.incomplete.billing_state_user_id, self.manager)
        self.assertFalse(self.incomplete.activity_ids)

    def test_rules_are_asked_in_order_and_those_of_another_company_not_at_all(self):
        rules = self.env["billing.approval.rule"]
        rules.search([]).active = False
        other = self.env["res.company"].create({"name": "Elsewhere"})
        rules.create({"name": "Theirs", "sequence": 1, "company_id": other.id})
        rules.create({"name": "Later", "sequence": 9})
        rules.create({"name": "Adults", "sequence": 5, "domain": "[('birth_date', '<', 'today -18y')]"})
        (self.complete + self.incomplete).action_billing_submit()
        self.assertEqual(self.complete.billing_state_reason, "Approved by the rule “Adults”")
        self.assertEqual(self.incomplete.billing_state_reason, "Approved by the rule “Later”")

    def test_without_rules_everything_waits(self):
        self.env["billing.approval.rule"].search([]).active = False
        self.complete.action_billing_submit()
        self.assertEqual(self.complete.billing_state, "pending")

    def test_a_rule_that_cannot_work_is_refused_in_words(self):
        for domain in ("[('no_such_field', '=', 1)]", "nonsense(", "{'a': 1}", "[('name', '=')]"):
            with self.subTest(domain=domain), self.assertRaisesRegex(
                ValidationError, "The approval rule Bad would not work",
            ):
                self.env["billing.approval.rule"].create({"name": "Bad", "domain": domain})

    def test_many_accounts_cost_no_more_queries_to_decide_about_than_few(self):
        accounts = self.env["res.partner"].create([
            {"name": f"Person {number}", "is_billing_account": True, "birth_date": "1990-01-01", "phone": "555 123456"}
            for number in range(40)
        ])
        rules = self.env["billing.approval.rule"]
        rules._find_rules(accounts)
        counts = []
        for some in (accounts[:2], accounts):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rules._find_rules(some)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    # === WHO DECIDES === #

    def test_a_coordinator_does_not_approve_or_send_back(self):
        self.incomplete.action_billing_submit()
        account = self.incomplete.with_user(self.coordinator)
        for action in (account.action_billing_approve, account.action_billing_send_back):
            with self.assertRaisesRegex(UserError, "waits for a billing manager"):
                action()
        with self.assertRaisesRegex(UserError, "waits for a billing manager"):
            account._billing_move("active", "I say so")

    def test_a_manager_sends_back_what_is_not_complete_and_says_what_is_missing(self):
        self.incomplete.action_billing_submit()
        account = self.incomplete.with_user(self.manager)
        self._change(account.action_billing_send_back(), "Birth date missing", self.manager)
        self.assertEqual((account.billing_state, account.billing_state_reason), ("new", "Birth date missing"))
        self.assertFalse(account.activity_ids)

    def test_a_reader_moves_nothing(self):
        reader = new_test_user(self.env, "rosa", "billing_coordinator.group_readonly")
        account = self.complete.with_user(reader)
        for action in (account.action_billing_submit, account.action_billing_close, account.action_billing_hold):
            with self.assertRaises(AccessError):
                action()

    def test_patients_do_not_read_in_the_portal_why_their_account_is_on_hold(self):
        self.complete.action_billing_submit()
        self._hold(self.complete)
        portal = new_test_user(self.env, "petra", "base.group_portal")
        with self.assertRaises(AccessError):
            self.complete.with_user(portal).read(["billing_state_reason"])
        self.assertFalse(self.env["res.partner"].with_user(portal).fields_get(["billing_state_reason"]))

    # === HOLD === #

    def test_on_hold_and_released_with_reasons(self):
        self.complete.action_billing_submit()
        self._hold(self.complete)
        self.assertEqual((self.complete.billing_state, self.complete.billing_state_reason),
                         ("on_hold", "Lawyer's letter"))
        self._change(self.complete.action_billing_release(), "Settled")
        self.assertEqual((self.complete.billing_state, self.complete.billing_state_reason), ("active", "Settled"))

    def test_a_move_without_a_reason_is_refused(self):
        self.complete.action_billing_submit()
        for reason in (False, "", "   "):
            with self.assertRaisesRegex(UserError, "Say why"):
                self._hold(self.complete, reason)

    def test_a_new_account_cannot_be_put_on_hold(self):
        with self.assertRaisesRegex(UserError, "is “New” and cannot become “On hold”"):
            self._hold(self.complete)

    def test_an_account_on_hold_is_not_billed_and_the_visit_says_why(self):
        self.complete.action_billing_submit()
        visit = self._create_encounter(self.complete)
        visit.action_ready()
        self._hold(self.complete)
        sentence = "Eva Roth is on hold: Lawyer's letter. Release the account to bill it."
        self.assertIn(sentence, visit.account_notice)
        with self.assertRaisesRegex(UserError, "is on hold: Lawyer's letter"):
            visit._bill()
        wizard = self.env["billing.bill.wizard"].create({"encounter_ids": [Command.set(visit.ids)]})
        self.assertIn(sentence, wizard.problem)
        draft = self._create_encounter(self.complete)
        wizard = self.env["billing.bill.wizard"].create({"encounter_ids": [Command.set(draft.ids)]})
        self.assertIn(sentence, wizard.problem)

    def test_what_was_billed_before_goes_on_while_on_hold(self):
        self._create_coverage(self.complete, self.plan)
        invoice = self._bill(patient=self.complete)
        self._hold(self.complete)
        answer = self._answer(invoice.claim_ids, 420.0, [(self.pr_1, 80.0)])
        self.assertEqual(answer.state, "posted")
        self.assertEqual(self._owed(self.complete), 80.0)
        self.assertConserved()

    # === BILLING SOMEBODY WHO IS NOT APPROVED === #

    def _wizard(self, patient):
        visit = self._create_encounter(patient)
        visit.action_ready()
        return visit, self.env["billing.bill.wizard"].create({"encounter_ids": [Command.set(visit.ids)]})

    def test_a_visit_to_bill_submits_a_new_account(self):
        visit = self._create_encounter(self.complete)
        visit.action_ready()
        self.assertEqual(self.complete.billing_state, "active")
        self.assertFalse(visit.account_notice)

    def test_warn_bills_with_a_warning(self):
        self.assertEqual(self.company.billing_unapproved, "warn")
        visit, wizard = self._wizard(self.incomplete)
        self.assertEqual(self.incomplete.billing_state, "pending")
        self.assertFalse(wizard.problem)
        self.assertIn("Tom Gray is not approved yet.", wizard.notice)
        wizard.action_bill()
        self.assertEqual(visit.state, "billed")

    def test_no_stops_until_somebody_approves(self):
        self.company.billing_unapproved = "no"
        visit, wizard = self._wizard(self.incomplete)
        self.assertIn("Tom Gray is not approved yet", wizard.problem)
        with self.assertRaisesRegex(UserError, "ask a billing manager to approve it"):
            visit._bill()
        self.incomplete.action_billing_approve()
        visit._bill()
        self.assertEqual(visit.state, "billed")

    def test_no_does_not_stop_what_a_rule_is_about_to_approve(self):
        self.company.billing_unapproved = "no"
        draft = self._create_encounter(self.complete)
        wizard = self.env["billing.bill.wizard"].create({"encounter_ids": [Command.set(draft.ids)]})
        self.assertFalse(wizard.problem)
        wizard.action_bill()
        self.assertEqual((draft.state, self.complete.billing_state), ("billed", "active"))

    def test_yes_says_nothing(self):
        self.company.billing_unapproved = "yes"
        visit, wizard = self._wizard(self.incomplete)
        self.assertFalse(wizard.problem or wizard.notice or visit.account_notice)
        wizard.action_bill()
        self.assertEqual(visit.state, "billed")

    def test_the_rules_of_the_company_that_bills_count_whatever_company_the_user_looks_at(self):
        other = self.env["res.company"].create({"name": "Second Practice", "billing_unapproved": "no"})
        self.env["billing.approval.rule"].search([]).active = False
        self.env["billing.approval.rule"].create({"name": "All of the second", "company_id": other.id})
        self.assertEqual(self.complete._get_billing_stop(other), ("", False))
        self.company.billing_unapproved = "no"
        self.assertTrue(self.complete._get_billing_stop(self.company)[1])
        visit = self._create_encounter(self.complete)
        visit.action_ready()
        self.assertEqual(self.complete.billing_state, "pending")

    # === WHO AND WHY === #

    def test_who_moved_an_account_and_why_is_never_typed(self):
        self.complete.action_billing_submit()
        for name, value in (("reason", "Because"), ("date", "2020-01-01"), ("user_id", self.manager.id)):
            with self.subTest(name=name), self.assertRaisesRegex(UserError, "Eva Rot.* written down by its buttons"):
                self.complete.write({f"billing_state_{name}": value})
        made = self._create_patient("Nobody Yet", billing_state_reason="Because", billing_state_user_id=1)
        self.assertFalse(made.billing_state_reason or made.billing_state_user_id)
        made = self.env["res.partner"].with_context(default_billing_state_reason="Because").create({"name": "Nobody"})
        self.assertFalse(made.billing_state_reason)

    def test_who_may_edit_contacts_but_not_bill_submits_nobody(self):
        clerk = new_test_user(self.env, "clerk", "base.group_user,base.group_partner_manager")
        with self.assertRaisesRegex(AccessError, "Only the billing office submits accounts"):
            self.complete.with_user(clerk).action_billing_submit()
        self.assertEqual(self.complete.billing_state, "new")

    # === MERGED CONTACTS === #

    def test_merging_keeps_who_remains_as_they_stand_and_a_hold_with_them(self):
        self.complete.action_billing_submit()
        twin = self._create_patient("Eva Rot", birth_date="1990-01-01", phone="1234567")
        twin.action_billing_submit()
        self._hold(twin)
        number = self.complete.billing_account_number
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((twin + self.complete).ids, self.complete)
        self.assertEqual(self.complete.billing_account_number, number)
        self.assertEqual((self.complete.billing_state, self.complete.billing_state_reason),
                         ("on_hold", "Lawyer's letter"))

    def test_somebody_who_is_no_patient_any_more_is_merged_like_anybody(self):
        self.complete.action_billing_submit()
        self.complete.is_billing_account = False
        contact = self.env["res.partner"].create({"name": "Eva R."})
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((contact + self.complete).ids, contact)
        self.assertFalse(contact.is_billing_account or contact.billing_state)

    def test_a_contact_that_takes_over_an_account_takes_its_state(self):
        self.complete.action_billing_submit()
        contact = self.env["res.partner"].create({"name": "Eva R."})
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((contact + self.complete).ids, contact)
        self.assertEqual((contact.is_billing_account, contact.billing_state), (True, "active"))

    # === LISTS === #

    def test_managers_find_on_today_what_waits_for_them_coordinators_do_not(self):
        self.incomplete.action_billing_submit()
        worklist = self.env.ref("billing_coordinator.worklist_accounts_to_approve")
        self.assertIn(self.incomplete, self.env["res.partner"].search(worklist.with_user(self.manager)._get_domain()))
        self.assertIn(worklist, self.env["billing.worklist"].with_user(self.manager).search([]))
        self.assertNotIn(worklist, self.env["billing.worklist"].with_user(self.coordinator).search([]))
