from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from ..common import TODAY
from .common import NegotiationCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestOffers(NegotiationCase):
    """Offers to and fro: on record as they were made, within the authority of who makes them."""

    def _as(self, user, negotiation):
        return negotiation.with_user(user)

    def test_the_latest_word_of_each_side_stands(self):
        negotiation = self._negotiate()
        first = self._offer(negotiation, 300.0)
        ours = self._offer(negotiation, 450.0, side="us")
        second = self._offer(negotiation, 400.0)
        self.assertEqual((first + ours + second).mapped("state"), ["past", "open", "open"])
        self.assertEqual((negotiation.our_amount, negotiation.their_amount), (450.0, 400.0))
        self.assertEqual((second.amount_conceded, second.percent), (100.0, 20.0))

    def test_talks_about_bills_do_not_pass_to_another_debtor_or_company(self):
        negotiation = self._as(self.coordinator, self._negotiate())
        with self.assertRaisesRegex(ValidationError, "is asked of Blue Insurance, and .* is with Gold Insurance"):
            negotiation.partner_id = self.payer_b

    def test_nor_to_another_company(self):
        negotiation = self._negotiate()
        other = self.env["res.company"].create({"name": "Other Practice"})
        with self.assertRaisesRegex((ValidationError, UserError), "Other Practice"):
            negotiation.company_id = other

    def test_a_coordinator_gives_up_a_hundred_and_a_fifth_and_no_more(self):
        negotiation = self._as(self.coordinator, self._negotiate())
        self.assertEqual(self._offer(negotiation, 400.0, side="us").state, "open")
        beyond = self._offer(negotiation, 399.99, side="us")
        self.assertEqual(beyond.state, "to_approve")
        self.assertEqual(negotiation.our_amount, 400.0)
        self.assertIn("399.99", negotiation.sudo().activity_ids.summary)

    def test_a_manager_allows_it_and_then_it_stands(self):
        negotiation = self._negotiate()
        beyond = self._offer(self._as(self.coordinator, negotiation), 250.0, side="us")
        beyond.with_env(self.env).action_approve()
        self.assertEqual((beyond.state, beyond.approver_id), ("open", self.env.user))
        self.assertFalse(negotiation.activity_ids)

    def test_their_offer_beyond_the_limit_is_noted_and_accepted_by_a_manager_only(self):
        negotiation = self._negotiate()
        offer = self._offer(self._as(self.coordinator, negotiation), 250.0)
        with self.assertRaisesRegex(UserError, r"gives up \$.250\.00 \(50\.0 %\), which is more than you may decide"):
            offer.action_accept()
        offer.with_env(self.env).action_accept()
        self.assertEqual((negotiation.state, negotiation.approver_id), ("agreed", self.env.user))

    def test_who_may_not_reads_the_limit_and_who_may(self):
        manager = self._create_user("mildred", "group_manager")
        negotiation = self._as(self.coordinator, self._negotiate())
        offer = self._offer(negotiation, 250.0)
        others = self.env.ref("billing_coordinator.group_manager").sudo().all_user_ids - manager
        (others - self.env.user).active = False
        self.env.user.name = "Ada"
        with self.assertRaises(UserError) as caught:
            offer.action_accept()
        sentence = str(caught.exception).replace("\xa0", "")
        self.assertEqual(sentence, (
            f"$250.00 for {negotiation.name} Blue Insurance gives up $250.00 (50.0 %), which is more than you may "
            "decide. You may give up at most $100.00 and 20 % of what is open, together with what was taken off the "
            "same bills before. Ask Ada, Mildred. The limits stand in Settings > Billing."
        ))
        self.company.sudo().billing_manager_settlement_percent = 40.0
        with self.assertRaisesRegex(UserError, "Nobody may: the limits stand in Settings > Billing"):
            offer.action_accept()
        with self.assertRaisesRegex(UserError, "You may give up at most 40 % of what is open. Nobody may"):
            offer.with_user(manager).action_accept()
        self.company.sudo().billing_settlement_limit = 0.0
        with self.assertRaisesRegex(UserError, "You may give up nothing"):
            offer.action_accept()

    def test_another_company_sees_nothing_of_it(self):
        negotiation = self._negotiate()
        offer = self._offer(negotiation, 400.0)
        other = self.env["res.company"].create({"name": "Other practice"})
        stranger = self._create_user("stranger", "group_manager")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        for records in (negotiation, offer, negotiation.item_ids):
            with self.subTest(records._name):
                self.assertFalse(records.with_user(stranger).search([("id", "in", records.ids)]))
                with self.assertRaises(AccessError):
                    records.with_user(stranger).read(["currency_id"])
        with self.assertRaises(AccessError):
            offer.with_user(stranger).action_accept()
        with self.assertRaises(AccessError):
            self._offer(negotiation.with_user(stranger), 300.0)

    def test_who_does_not_bill_sees_nothing_of_it(self):
        negotiation = self._negotiate()
        clerk = self.env["res.users"].create({
            "name": "Clerk", "login": "negotiation_clerk", "group_ids": [(6, 0, self.env.ref("base.group_user").ids)],
            "company_ids": [(6, 0, self.env.company.ids)], "company_id": self.env.company.id,
        })
        with self.assertRaises(AccessError):
            negotiation.with_user(clerk).read(["name"])

    def test_what_was_taken_off_before_counts_towards_the_limit(self):
        self.env["billing.adjustment"].create({
            "move_id": self.bill.id, "reason_id": self.small_balance.id, "amount": 50.0, "date": "2026-03-14",
        }).action_approve()
        negotiation = self._as(self.coordinator, self._negotiate())
        self.assertEqual(self._offer(negotiation, 400.0, side="us").state, "open")
        self.assertEqual(self._offer(negotiation, 399.0, side="us").state, "to_approve")

    def test_managers_have_their_limit_too(self):
        self.company.billing_manager_settlement_percent = 40.0
        negotiation = self._negotiate()
        offer = self._offer(negotiation, 299.0)
        with self.assertRaises(UserError):
            offer.action_accept()

    def test_an_offer_is_never_edited_nor_deleted(self):
        offer = self._offer(self._negotiate(), 400.0)
        with self.assertRaisesRegex(UserError, "stays on record as it is"):
            offer.amount = 100.0
        with self.assertRaises(AccessError):
            offer.unlink()
        with self.assertRaisesRegex(UserError, "stays on record"):
            offer.sudo().unlink()
        with self.assertRaises(UserError):
            offer.state = "accepted"

    def test_nobody_offers_more_than_is_open_or_nothing(self):
        negotiation = self._negotiate()
        with self.assertRaisesRegex(UserError, "is more than the"):
            self._offer(negotiation, 500.01)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._offer(negotiation, 0.0)

    def test_an_offer_that_has_ended_is_not_accepted(self):
        offer = self._offer(self._negotiate(), 400.0, valid_until="2026-03-15")
        with self.assertRaisesRegex(UserError, "does not stand any more"):
            offer.action_accept()

    def test_an_offer_of_tomorrow_or_due_before_it_was_made_is_refused(self):
        negotiation = self._negotiate()
        with self.assertRaisesRegex(ValidationError, "still to come"):
            self._offer(negotiation, 400.0, date="2026-03-17")
        with self.assertRaisesRegex(ValidationError, "cannot be due, or end, before that day"):
            self._offer(negotiation, 400.0, pay_until="2026-03-13")

    def test_only_bills_of_the_other_side_are_negotiated(self):
        other = self._bill(patient=self._create_patient("Ben Meyer"))
        with self.assertRaisesRegex(ValidationError, "Choose who owes the bill"):
            self._negotiate(self.bill, item_ids=[(0, 0, {"move_id": other.id})])

    def test_talks_with_offers_on_record_are_not_deleted(self):
        negotiation = self._negotiate()
        self._offer(negotiation, 400.0)
        with self.assertRaisesRegex(UserError, "is not deleted"):
            negotiation.unlink()

    def test_readers_read_and_strangers_see_nothing(self):
        negotiation = self._negotiate()
        self.assertTrue(negotiation.with_user(self.reader).name)
        with self.assertRaises(AccessError):
            self._offer(negotiation.with_user(self.reader), 400.0)

    def test_nobody_types_that_an_agreement_approved_a_discount(self):
        negotiation = self._agree(400.0)
        adjustment = self.env["billing.adjustment"].with_user(self.coordinator).create({
            "move_id": self.bill.id, "reason_id": self.settled_payer.id, "amount": 90.0,
            "negotiation_id": negotiation.id,
        })
        self.assertFalse(adjustment.negotiation_id)

    def test_the_claim_leads_to_its_talks(self):
        action = self.claim.action_negotiate()
        self.assertEqual(action["context"]["default_partner_id"], self.payer.id)
        negotiation = self._negotiate()
        self.assertEqual(self.claim.action_negotiate()["res_id"], negotiation.id)
        self.assertEqual(self.claim.negotiation_count, 1)
