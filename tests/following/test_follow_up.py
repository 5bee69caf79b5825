from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY, BillingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestFollowUp(BillingCase):
    """Unanswered claims are asked about when their payer takes longer than it usually does."""

    def _claim(self, sent, service="2026-01-02", price=500.0, **values):
        claim = self._create_claim(service, price, **values)
        claim._submit("paper", date=sent)
        return claim

    def _create_claim(self, service, price, **values):
        encounter = self._create_encounter(services=[(self.service, price)], date=service, **values)
        encounter.action_ready()
        return encounter._bill(fields.Date.to_date(service)).claim_ids

    def _answered_after(self, *days):
        """The payer has answered as many claims, each so many days after it was sent."""
        for number in days:
            claim = self._claim("2026-01-05")
            self._answer(claim, 500.0, date=str(fields.Date.to_date("2026-01-05") + timedelta(days=number)))

    def test_without_experience_thirty_days_or_what_the_plan_says(self):
        claim = self._claim("2026-03-01")
        self.assertEqual((str(claim.date_expected), claim.days_late), ("2026-03-31", 0))
        self.plan.answer_days = 10
        later = self._claim("2026-03-01")
        self.assertEqual((str(later.date_expected), later.days_late), ("2026-03-11", 5))

    def test_with_five_answers_the_payers_own_pace_is_expected(self):
        self._answered_after(4, 6, 8, 10)
        self.assertEqual(str(self._claim("2026-03-01").date_expected), "2026-03-31", "four are too few")
        self._answered_after(20)
        claim = self._claim("2026-03-01")
        self.assertEqual(str(claim.date_expected), "2026-03-11", "four of five were here after ten days")
        pace = claim._read_paces(self.payer, self.company)[self.payer.id, self.company.id]
        self.assertEqual(pace, (5, 8, 10))

    def test_answers_that_were_taken_back_or_given_to_another_company_make_no_habit(self):
        self._answered_after(4, 4, 4, 4, 4)
        self.env["billing.remittance"].search([])[:1]._reverse(fields.Date.to_date(TODAY), "Wrong")
        self.assertEqual(self._claim("2026-03-01")._read_paces(self.payer, self.company)[
            self.payer.id, self.company.id
        ].answers, 4)

    def test_the_rest_of_an_answered_claim_is_awaited_from_the_answer(self):
        encounter = self._create_encounter(services=[self.service, (self.service, 200.0)], date="2026-01-02")
        encounter.action_ready()
        claim = encounter._bill(fields.Date.to_date("2026-01-02")).claim_ids
        claim._submit("paper", date="2026-01-05")
        answer = self._prepare_answer(claim, 500.0)
        answer.line_ids[1:].unlink()
        answer.line_ids.amount_paid = 500.0
        answer.action_post()
        self.assertEqual((claim.state, str(claim.date_expected)), ("answered", "2026-04-09"))

    def test_what_is_settled_or_still_here_is_not_followed_up(self):
        claim = self._claim("2026-01-05")
        self._answer(claim, 500.0)
        self.assertFalse(claim.date_expected)
        self.assertFalse(self._create_claim("2026-01-02", 500.0).date_expected)

    def test_priority_and_its_reasons_in_words(self):
        self.plan.answer_days = 10
        self._claim("2026-03-01")
        self._claim("2026-03-01")
        large = self._claim("2026-02-04", price=5000.0)
        large._refresh_follow_up()
        self.assertEqual((large.days_late, large.follow_priority), (30, "3_urgent"))
        self.assertEqual(large.follow_reason, "30 days late; unusually large")
        self.assertEqual(self._claim("2026-03-05").follow_reason, "1 day late")
        self.plan.timely_filing_days = 80
        near = self._claim("2026-03-10")
        self.assertEqual((near.follow_priority, near.follow_reason), ("2_high", "to be filed until 03/23/2026"))

    def test_the_night_looks_at_them_again_as_days_pass(self):
        self.plan.answer_days = 10
        claim = self._claim("2026-03-01")
        self.assertEqual(claim.follow_priority, "1_normal")
        with freeze_time("2026-04-20"), self.enter_registry_test_mode():
            self.env.ref("billing_coordinator.cron_claims_follow_up").method_direct_trigger()
        claim.invalidate_recordset()
        self.assertEqual(claim.follow_priority, "2_high")

    def test_the_worklist_shows_who_is_late_and_counts_in_one_query(self):
        card = self.env.ref("billing_coordinator.worklist_claims_unanswered")
        card.invalidate_recordset()
        there = card.record_count
        late, waiting = self._claim("2026-02-01"), self._claim("2026-03-10")
        card.invalidate_recordset()
        found = self.env["billing.claim"].search(card.action_open()["domain"])
        self.assertIn(late, found)
        self.assertNotIn(waiting, found)
        self.env.flush_all()
        card._read_figures()
        with self.assertQueryCount(1):
            self.assertEqual(card._read_figures()["count"], there + 1)

    def test_forty_claims_are_looked_at_in_as_many_queries_as_two(self):
        encounters = self.env["billing.encounter"].concat(*(
            self._create_encounter(date="2026-01-02") for _number in range(40)
        ))
        encounters.action_ready()
        claims = self.env["billing.claim"].browse(encounters._bill(fields.Date.to_date("2026-01-02")).claim_ids.ids)
        claims._submit("paper", date="2026-01-05")

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some._refresh_follow_up()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(claims[:2])
        few = count(claims[:2])
        self.assertLessEqual(count(claims), few)
        self.assertLess(few, 20)

    def test_days_to_answer_are_days(self):
        with self.assertRaisesRegex(ValidationError, "Blue Plan cannot have -1 days to answer a claim"):
            self.plan.answer_days = -1
