import pytest

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ...tools.x12.problems import REASONS, Problem
from ..common import TODAY
from ..tools.claim_examples import judge
from .common import FilingCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestFilingBatch(FilingCase):
    """Claims are divided by the way they go, made into files or forms, and handed over once."""

    # === DIVIDED === #

    def test_before_anything_is_made_it_is_said_what_goes_where_and_what_stays_and_why(self):
        by_file = self._claim()
        plan = self._create_plan("Post Plan", self.payer, route_id=self._create_route("Letters", format="letter").id)
        patient = self._create_patient("Leo Letter", **self.home)
        self._create_coverage(patient, plan)
        by_post = self._claim(patient)
        other = self._create_patient("Nora Nowhere", birth_date="1990-01-01", sex="female")
        self._create_coverage(other, self.plan)
        unfit = self._claim(other)
        wizard = self.env["billing.filing.wizard"].create({
            "claim_ids": [(6, 0, (by_file | by_post | unfit).ids)],
        })
        self.assertEqual(
            wizard.group_ids.sorted("id").mapped(lambda group: (
                group.route_id.name, group.format, group.claim_count, group.amount, group.payers,
            )),
            [("Clearing House", "file", 1, 500.0, "Blue Insurance"), ("Letters", "letter", 1, 500.0, "Blue Insurance")],
        )
        self.assertEqual((wizard.goes_count, wizard.stay_count), (2, 1))
        self.assertEqual(wizard.stay_ids.claim_id, unfit)
        self.assertEqual(
            wizard.stay_ids.reason,
            "\n".join(f"Policy holder: it is missing (box 5, 2010BA {element})."
                      for element in ("N301", "N401", "N402", "N403")),
        )

    def test_batches_are_cut_to_what_a_file_may_hold(self):
        self.route.claim_limit = 2
        batches = self._send(self._claims(3))
        self.assertEqual(batches.mapped("claim_count"), [2, 1])
        self.assertEqual(len(set(batches.mapped("interchange_number"))), 2)

    def test_the_way_is_the_plans_then_the_payers_then_by_post(self):
        claim = self._claim()
        self.assertEqual(claim.filing_route_id, self.route)
        own = self._create_route("Portal")
        self.plan.route_id = own
        claim.invalidate_recordset(["filing_route_id"])
        self.assertEqual(claim.filing_route_id, own)
        self.plan.route_id = False
        self.payer.billing_route_id = False
        claim.invalidate_recordset(["filing_route_id", "has_filing_route"])
        self.assertFalse(claim.filing_route_id)
        self.assertIn(claim, claim.search([("has_filing_route", "=", False)]))
        self.assertNotIn(claim, claim.search([("has_filing_route", "=", True)]))
        way = claim._get_filing_way()[claim]
        self.assertEqual((way.name, way.format, way.usage), ("By post", "paper", "P"))
        self.assertEqual(claim._get_filing_way()[claim], way)

    # === MADE === #

    def test_a_file_is_made_under_numbers_of_its_own(self):
        claims = self._claims(2)
        batch = self._send(claims)
        self.assertEqual((batch.state, batch.claim_count, batch.amount_total), ("made", 2, 1000.0))
        content = batch.file_id.raw.decode()
        self.assertRegex(batch.interchange_number, r"^\d{9}$")
        self.assertIn(f"*00501*{batch.interchange_number}*0*P*:~", content)
        self.assertIn("GS*HC*HILLSIDE*CLEARING*20260316*", content)
        self.assertIn(f"ST*837*{batch.set_number}*", content)
        self.assertIn(f"GE*1*{batch.group_number}~", content)
        self.assertIn(f"BHT*0019*00*{batch.name}*", content)
        for claim in claims:
            self.assertIn(f"CLM*{claim.name}*500***11:B:1*", content)
        self.assertEqual(batch.file_name, f"837P-HILLSIDE-{batch.interchange_number}.txt")
        self.assertEqual(claims.mapped("state"), ["ready", "ready"])

    def test_the_file_of_a_batch_passes_the_judgement_of_others(self):
        pytest.importorskip("pyx12")
        self.assertEqual(judge(self._send(self._claims(2)).file_id.raw), [])

    def test_claims_that_do_not_fit_are_taken_out_and_the_rest_goes(self):
        claims = self._claims(2)
        batch = self._send(claims)
        claims[1].patient_id.write({"zip": False})
        batch.action_make()
        self.assertEqual((batch.state, batch.claim_count, batch.problem_count), ("made", 1, 1))
        self.assertEqual(batch.problem_ids.claim_id, claims[1])
        self.assertEqual(batch.problem_ids.problem, "Policy holder: it is missing (box 5, 2010BA N403).")
        self.assertNotIn(claims[1].name, batch.file_id.raw.decode())
        self.assertEqual(batch.problem_ids.action_open_claim()["res_id"], claims[1].id)
        claims[1].patient_id.write({"zip": "62704"})
        self.assertEqual(self._send(claims[1]).claim_count, 1, "mended, it goes with another batch")

    def test_whatever_keeps_a_claim_back_is_said_with_the_value_that_was_found(self):
        claims = self.env["billing.claim"]
        self.assertEqual(claims._get_filing_reasons().keys(), REASONS.keys())
        for reason in REASONS:
            with self.subTest(reason):
                said = claims._say_filing_problem(Problem("2400", "SV107", "24E", reason, "B7", service=2))
                self.assertRegex(said, r"^Service 2: .* \(box 24E, 2400 SV107\)\.$")
                self.assertEqual("B7" in said, reason != "missing", said)

    def test_where_nothing_fits_nothing_is_made_and_the_reasons_stay(self):
        claim = self._claim()
        batch = self._send(claim)
        self.company.partner_id.npi = False
        batch.action_make()
        self.assertEqual((batch.state, batch.problem_count), ("dropped", 1))
        self.assertEqual(batch.problem_ids.problem, "Billing provider: it is missing (box 33a, 2010AA NM109).")
        self.assertFalse(batch.problem_ids.is_live)
        with self.assertRaisesRegex(UserError, "was not sent; its claims can go with another batch"):
            batch.action_hand_over()

    def test_made_again_it_has_new_numbers(self):
        batch = self._send(self._claim())
        before, file = batch.interchange_number, batch.file_id
        batch.action_make()
        self.assertGreater(batch.interchange_number, before)
        self.assertFalse(file.exists())

    def test_a_claim_is_in_one_batch_at_a_time(self):
        claim = self._claim()
        batch = self._send(claim)
        with self.assertRaisesRegex(UserError, "None of these claims can go now"):
            self._send(claim)
        wizard = self.env["billing.filing.wizard"].create({"claim_ids": [(6, 0, claim.ids)]})
        self.assertEqual(wizard.stay_ids.reason, f"It is in {batch.name}, which waits to be handed over.")
        batch.action_drop()
        self.assertEqual(batch.state, "dropped")
        self.assertEqual(self._send(claim).claim_count, 1)

    # === HANDED OVER === #

    def test_handing_over_submits_the_claims_under_the_control_number(self):
        claims = self._claims(2)
        batch = self._send(claims)
        action = batch.action_hand_over()
        self.assertEqual(action["url"], f"/web/content/{batch.file_id.id}?download=true")
        self.assertEqual((batch.state, batch.handed_by_id), ("handed", self.env.user))
        self.assertEqual(claims.mapped("state"), ["sent", "sent"])
        sent = claims.submission_ids
        self.assertEqual(
            sent.mapped(lambda one: (one.channel, one.reference, one.frequency, one.note)),
            [("file", batch.interchange_number, "1", f"{batch.name}, Clearing House")] * 2,
        )

    def test_a_second_click_hands_nothing_over(self):
        claim = self._claim()
        batch = self._send(claim)
        batch.action_hand_over()
        with self.assertRaisesRegex(UserError, rf"{batch.name} was handed over on .* Nothing is handed over twice"):
            batch.action_hand_over()
        with self.assertRaisesRegex(UserError, "Nothing is handed over twice"):
            batch.action_make()
        with self.assertRaisesRegex(UserError, "Nothing is handed over twice"):
            batch.action_drop()
        self.assertEqual(len(claim.submission_ids), 1)
        wizard = self.env["billing.filing.wizard"].create({"claim_ids": [(6, 0, claim.ids)]})
        self.assertEqual(wizard.stay_ids.reason, "It is “Submitted”: it is not sent a second time from here.")

    def test_a_claim_that_changed_after_the_file_was_made_stops_it(self):
        claims = self._claims(2)
        batch = self._send(claims)
        claims[0].action_void()
        with self.assertRaisesRegex(UserError, f"{claims[0].name} changed after {batch.name} was made. Press Make"):
            batch.action_hand_over()
        batch.action_make()
        self.assertEqual(
            batch.problem_ids.problem, "It was taken back, and its payer has nothing of it to cancel.",
        )
        batch.action_hand_over()
        self.assertEqual(claims.mapped("state"), ["void", "sent"])

    def test_a_file_that_was_tampered_with_is_not_handed_over(self):
        batch = self._send(self._claim())
        batch.file_id.sudo().raw = b"other"
        with self.assertRaisesRegex(UserError, f"The file of {batch.name} is not the one that was made"):
            batch.action_hand_over()

    def test_a_test_moves_no_claim(self):
        self.route.usage = "T"
        claim = self._claim()
        batch = self._send(claim)
        self.assertTrue(batch.is_test)
        self.assertIn("*0*T*:~", batch.file_id.raw.decode())
        batch.action_hand_over()
        self.assertEqual((batch.state, claim.state), ("handed", "ready"))
        self.assertFalse(claim.submission_ids)
        self.route.usage = "P"
        real = self._send(claim)
        self.assertFalse(real.is_test)

    def test_forms_are_handed_over_when_they_are_in_the_post(self):
        self.payer.billing_route_id = False
        claims = self._claims(2)
        batch = self._send(claims)
        self.assertEqual((batch.format, batch.interchange_number, batch.state), ("paper", False, "made"))
        self.assertTrue(batch.file_id.raw)
        self.assertIsNone(batch.action_hand_over())
        self.assertEqual(
            claims.submission_ids.mapped(lambda one: (one.channel, one.reference)), [("paper", batch.name)] * 2,
        )

    def test_what_the_payer_has_is_cancelled_there(self):
        claim = self._claim()
        self._send(claim).action_hand_over()
        claim._acknowledge("Received", payer_control_number="ICN-7")
        claim.action_void()
        self.assertTrue(claim.cancellation_due)
        batch = self._send(claim)
        self.assertEqual(batch.line_ids.frequency, "8")
        content = batch.file_id.raw.decode()
        self.assertIn(f"CLM*{claim.name}*500***11:B:8*", content)
        self.assertIn("REF*F8*ICN-7~", content)
        batch.action_hand_over()
        self.assertEqual((claim.state, claim.cancellation_due), ("void", False))
        self.assertEqual(claim.last_submission_id.mapped(lambda one: (one.frequency, one.original_reference)),
                         [("8", "ICN-7")])

    # === NOT SENT AFTER ALL === #

    def test_a_manager_says_that_a_download_was_never_sent(self):
        claim = self._claim()
        batch = self._send(claim)
        batch.action_hand_over()
        cora = new_test_user(self.env, login="cora-f", groups="billing_coordinator.group_coordinator",
                             company_id=self.company.id, company_ids=[(6, 0, self.company.ids)])
        with self.assertRaisesRegex(AccessError, "is said by a billing manager only"):
            batch.with_user(cora).action_take_back()
        wizard = self.env["billing.filing.take.back"].create({"batch_id": batch.id, "reason": "never uploaded"})
        wizard.action_apply()
        self.assertEqual((batch.state, claim.state, claim.date_sent), ("dropped", "ready", False))
        self.assertEqual(claim.submission_ids.state, "withdrawn")
        again = self._send(claim)
        self.assertGreater(again.interchange_number, batch.interchange_number)

    def test_a_claim_answered_meanwhile_stays_answered(self):
        claims = self._claims(2)
        batch = self._send(claims)
        batch.action_hand_over()
        self._answer(claims[0], 500.0)
        batch._take_back("wrong portal")
        self.assertEqual(claims.mapped("state"), ["settled", "ready"])
        self.assertConserved()

    def test_sent_again_after_a_rejection_it_leaves_the_earlier_batch(self):
        claim = self._claim()
        first = self._send(claim)
        first.action_hand_over()
        claim._reject("Member not found")
        second = self._send(claim)
        self.assertEqual(first.line_ids.mapped("is_live"), [False])
        second.action_hand_over()
        self.assertEqual(claim.submission_ids.sorted("id").mapped("reference"),
                         [first.interchange_number, second.interchange_number])

    # === WHO === #

    def test_a_batch_is_made_by_sending_alone_and_nothing_is_typed_over(self):
        with self.assertRaisesRegex(UserError, "Choose claims in the list of claims and press Send"):
            self.env["billing.filing.batch"].create({"route_id": self.route.id})
        batch = self._send(self._claim())
        with self.assertRaisesRegex(UserError, "cannot be typed over"):
            batch.write({"state": "handed"})
        with self.assertRaisesRegex(UserError, "never typed or imported"):
            batch.write({"interchange_number": "000000001"})

    def test_a_coordinator_sends_and_a_reader_does_not(self):
        values = {"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        cora = new_test_user(self.env, login="cora-f", groups="billing_coordinator.group_coordinator", **values)
        rosa = new_test_user(self.env, login="rosa-f", groups="billing_coordinator.group_readonly", **values)
        claim = self._claim()
        with self.assertRaises(AccessError):
            self.env["billing.filing.wizard"].with_user(rosa).create({"claim_ids": [(6, 0, claim.ids)]})
        wizard = self.env["billing.filing.wizard"].with_user(cora).create({"claim_ids": [(6, 0, claim.ids)]})
        wizard.action_make()
        batch = claim.filing_line_ids.batch_id
        with self.assertRaises(AccessError):
            batch.with_user(rosa).action_hand_over()
        batch.with_user(cora).action_hand_over()
        self.assertEqual((claim.state, batch.handed_by_id), ("sent", cora))

    def test_another_company_sees_nothing_of_it(self):
        batch = self._send(self._claim())
        other = self.env["res.company"].create({"name": "Other Practice"})
        otto = new_test_user(self.env, login="otto-f", groups="billing_coordinator.group_manager",
                             company_id=other.id, company_ids=[(6, 0, other.ids)])
        self.assertFalse(self.env["billing.filing.batch"].with_user(otto).search([]))
        self.assertFalse(self.env["billing.filing.route"].with_user(otto).search([]))
        with self.assertRaises(AccessError):
            batch.with_user(otto).action_hand_over()
        self.assertFalse(self.payer.with_user(otto).with_company(other).billing_route_id)

    # === HOW MUCH IT COSTS === #

    def test_a_large_batch_is_made_in_no_more_queries_than_a_small_one(self):
        counts = []
        for size in (2, 12):
            claims = self._claims(size)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch = self._send(claims)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(batch.claim_count, size)
        self.assertLessEqual(counts[1], counts[0] + 12, counts)
