from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import AgencyCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPlacementBatch(AgencyCase):
    """Handing over: prepared, looked at once more, done once; the pipeline goes on around it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.placing = cls.env["billing.collection.stage"].create({
            "name": "Agency", "sequence": 5, "company_id": cls.company.id, "days": 40, "wait": 10, "channel": "none",
            "is_placement": True,
        })

    def _come_to_the_agency(self):
        """Nora has had every letter; the step that hands over waits for somebody."""
        for day in ("2026-03-16", "2026-03-19", "2026-04-02", "2026-04-20", "2026-05-01"):
            self._night(day)
        return self._case().waiting_step_id

    def test_the_step_opens_the_window_and_is_done_with_it(self):
        step = self._come_to_the_agency()
        self.assertEqual((step.stage_id, step.state), (self.placing, "review"))
        with freeze_time("2026-05-01"):
            action = self._case().action_approve_step()
            self.assertEqual(
                (action["res_model"], action["context"]["default_case_ids"], step.state),
                ("billing.placement.wizard", self._case().ids, "review"),
            )
            placement = self._place(self._case())
        self.assertEqual((step.state, str(step.date), placement.step_id), ("done", "2026-05-01", step))
        self.assertEqual((self._case().stage_id, self._case().item_ids.stage_id), (self.placing, self.placing))

    def test_the_step_is_done_in_no_other_way(self):
        step = self._come_to_the_agency()
        with freeze_time("2026-05-01"):
            self.assertEqual(step.action_approve()["res_model"], "billing.placement.wizard")
            step._set_state("ready")
            with self.assertRaisesRegex(UserError, "is done by handing the debt over to an agency"):
                step.with_context(billing_handing_over=True)._do()

    def test_what_an_agency_has_is_left_alone_and_new_bills_go_on(self):
        self._open_cases()
        self._place()
        case = self._case()
        self.assertEqual((case.amount_placed, case.amount_overdue), (600.0, 600.0))
        self._night("2026-03-17")
        self.assertEqual(self._steps(), [])
        self._bill_nora(90.0, "2026-02-25")
        self._night("2026-03-30")
        self.assertEqual(self._steps(), [("2026-03-30", "Reminder", 90.0)])
        self.assertEqual(case.item_ids.mapped("held_note"), ["with a collection agency"] * 2 + [""])

    def test_prepared_it_is_looked_at_once_more(self):
        self._open_cases()
        batch = self._prepare()._prepare()
        placement = batch.placement_ids
        self.assertEqual((batch.state, placement.state, placement.amount_placed), ("draft", "ready", 600.0))
        self.assertEqual(self._case().amount_placed, 0.0)
        self._pay(self.january)
        self._pay(self.february, 100.0)
        batch.action_hand_over()
        self.assertEqual((placement.state, placement.amount_placed, placement.item_ids.move_id),
                         ("placed", 300.0, self.february))
        self.assertEqual((placement.amount_direct, placement.amount_open), (0.0, 300.0))

    def test_who_became_bankrupt_meanwhile_stays(self):
        self._open_cases()
        batch = self._prepare()._prepare()
        self.nora.billing_bankrupt_on = "2026-03-15"
        batch.action_hand_over()
        self.assertEqual((batch.state, batch.placement_ids.state, batch.file_id.id), ("dropped", "dropped", False))
        self.assertEqual(batch.placement_ids.item_ids.mapped("is_running"), [False, False])

    def test_the_same_batch_is_handed_over_once(self):
        self._open_cases()
        batch = self._prepare()._prepare()
        batch.action_hand_over()
        content = batch.file_id.datas
        with self.assertRaisesRegex(UserError, "was handed over on 03/16/2026, with 1 row, .*600.00"):
            batch.action_hand_over()
        self.assertEqual((batch.file_id.datas, len(batch.placement_ids)), (content, 1))
        with self.assertRaisesRegex(UserError, "Nothing is sent as new twice"):
            batch.action_hand_over()

    def test_a_bill_is_with_one_agency_at_a_time(self):
        case = self._open_cases()
        first, second = self._prepare(case), self._prepare(case)
        first._prepare()
        with self.assertRaisesRegex(UserError, "Nobody is chosen whose debt may go"):
            second._prepare()
        self.assertIn("It is about to be handed over already", second.line_ids.against)
        batch = self.env["billing.placement.batch"].search([])
        batch.action_drop()
        self.assertEqual(self._place(case).amount_placed, 600.0)

    def test_the_fee_is_that_of_the_day_on_which_it_was_handed_over(self):
        self._open_cases()
        placement = self._place()
        self.agreement.fee_ids.percent = 50.0
        self.assertEqual((placement.percent, self._report((placement, 100.0)).amount_commission), (25.0, 25.0))

    def test_debts_are_handed_over_in_no_other_way(self):
        case = self._open_cases()
        values = {
            "case_id": case.id, "partner_id": self.nora.id, "company_id": self.company.id, "date": TODAY,
            "currency_id": self.company.currency_id.id, "agency_id": self.agency.id, "agreement_id": self.agreement.id,
        }
        with self.assertRaises(Exception):  # noqa: B017
            self.env["billing.placement"].create(values)
        placement = self._place()
        for change in ({"state": "closed"}, {"percent": 1.0}, {"agency_id": self.nora.id}):
            with self.assertRaises(UserError):
                placement.write(change)

    def test_somebody_with_debts_at_an_agency_is_not_closed(self):
        self._open_cases()
        placement = self._place()
        self.assertIn(f"{placement.name} with Rigor Inkasso", [
            sentence for sentence, _record in self.nora._get_open_business()
        ])
