from .common import DenialCase


class TestPayerScorecard(DenialCase):
    """How each payer behaves, month by month."""

    def _cards(self, **more):
        self.env.flush_all()
        return self.env["billing.payer.scorecard"].search([("company_id", "=", self.company.id)], **more)

    def test_one_row_for_each_payer_and_month(self):
        # March: one passed at once after 5 days, one denied and paid after all, one denied and open.
        good = self._bill().claim_ids
        good.date_first_sent = "2026-03-05"
        self._answer(good, 500.0, date="2026-03-10")
        won = self._deny()
        self._answer(won.claim_id, 500.0, date="2026-03-14")
        self._deny()
        # February, by Gold Insurance.
        person = self._create_patient("Bo Berg")
        self._create_coverage(person, self.plan_b)
        other = self._bill(patient=person, encounter=self._create_encounter(person, date="2026-02-02"),
                           date="2026-02-03").claim_ids
        self._answer(other, 400.0, [(self.co_45, 100.0)], date="2026-02-20")
        march, february = self._cards(order="date desc")
        self.assertEqual((march.payer_id, march.date.isoformat()), (self.payer, "2026-03-01"))
        self.assertEqual(
            (march.answered_count, march.first_pass_count, march.denied_count, march.decided_count,
             march.overturned_count), (3, 1, 2, 1, 1),
        )
        self.assertEqual((round(march.denial_rate, 2), march.overturn_rate), (66.67, 100.0))
        self.assertEqual((march.amount_at_stake, march.amount_underpaid), (500.0, 0.0))
        self.assertEqual((february.payer_id, february.date.isoformat()), (self.payer_b, "2026-02-01"))
        self.assertEqual((february.answered_count, february.denial_rate, february.paid_rate), (1, 0.0, 80.0))
        self.assertEqual(len(self.env["billing.claim.figure"].search(march.action_view_source()["domain"])), 3)

    def test_days_and_rates_of_several_months_are_those_of_all_claims(self):
        for sent, answered in (
            ("2026-02-01", "2026-02-11"), ("2026-03-06", "2026-03-08"), ("2026-03-06", "2026-03-12"),
        ):
            claim = self._bill(self._create_encounter(date="2026-02-01"), date="2026-02-01").claim_ids
            claim.date_first_sent = sent
            self._answer(claim, 500.0, date=answered)
        self.env.flush_all()
        [(days, rate)] = self.env["billing.payer.scorecard"]._read_group(
            [("company_id", "=", self.company.id)], [], ["days_to_pay:avg", "first_pass_rate:avg"],
        )
        self.assertEqual((days, rate), (6.0, 100.0))

    def test_what_was_paid_short_stands_on_it(self):
        self.plan.billing_mode = "split"
        claim = self._bill().claim_ids
        self._answer(claim, 450.0, [(self.co_45, 50.0)])
        self.assertEqual(self._cards().amount_underpaid, 50.0)
