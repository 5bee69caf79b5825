from decimal import Decimal

from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from ..filing.common import FilingCase, make_277, make_999
from ..tools.x12_answer import Told, answer, read_claims


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestRoundTrip(FilingCase):
    """Our files go out, payers answer what they read in them, and in the end nothing is open anywhere."""

    def _file_and_answer(self, claims, tell, trace):
        """Send these claims, have them acknowledged, and post what their payer answers."""
        batch = self._send(claims)
        batch.action_hand_over()
        self._read(make_999(batch, interchange=f"0000{trace[-5:]}"), f"{trace}.999")
        self._read(
            make_277([(claim.name, "A2:20", "") for claim in claims], batch, interchange=f"0001{trace[-5:]}"),
            f"{trace}.277",
        )
        self.assertEqual(set(claims.mapped("state")), {"acknowledged"})
        content = answer(batch.file_id.raw, tell, trace=trace)
        return self.env["billing.remittance.file"]._take_in_all([(f"{trace}.835", content)])

    def test_our_claims_answered_by_two_payers_and_paid_by_the_patient_leave_nothing_open(self):
        self._create_coverage(self.patient, self.plan_b, rank="2", member_number="G-2")
        self.payer_b.billing_route_id = self.route
        ben = self._create_patient("Ben Meyer", **self.home)
        self._create_coverage(ben, self.plan)
        claims = self._claim() | self._claim(ben)

        def primary(_claim, _asked):
            return Told(Decimal(300), (("CO", "45", Decimal(120)), ("PR", "1", Decimal(80))))

        file = self._file_and_answer(claims, primary, "EFT-00001")
        self.assertEqual(file.item_ids.mapped("state"), ["posted", "posted"])
        remittance = file.transaction_ids.remittance_id
        self.assertEqual((remittance.state, remittance.amount), ("posted", 600.0))
        self.assertEqual(claims.mapped("state"), ["settled", "settled"])
        self.assertConserved()

        # Ana's second payer reads what the first one said, to the cent.
        second = claims[0].encounter_id.claim_ids - claims[0]
        self.assertEqual((second.payer_id, second.state, second.amount_open), (self.payer_b, "ready", 80.0))
        batch = self._send(second)
        (asked,) = read_claims(batch.file_id.raw)
        self.assertEqual((asked.charge, asked.paid_before), (Decimal(500), Decimal(300)))
        batch.action_drop()
        file = self._file_and_answer(
            second, lambda _claim, _asked: Told(Decimal(60), (("PR", "2", Decimal(20)),)), "EFT-00002",
        )
        self.assertEqual((file.item_ids.state, file.item_ids.why), ("posted", False))
        self.assertEqual(second.state, "settled")

        bills = claims.encounter_id.invoice_ids.filtered(
            lambda move: not move.billing_coverage_id and move.move_type == "out_invoice"
        )
        self.assertEqual(
            sorted(bills.mapped(lambda bill: (bill.partner_id.name, bill.amount_residual))),
            [("Ana López", 20.0), ("Ben Meyer", 80.0)],
        )
        for bill in bills:
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=bill.ids,
            ).create({"payment_date": TODAY})._create_payments()
        open_items = self.env["account.move.line"].search([
            ("company_id", "=", self.company.id), ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"), ("amount_residual", "!=", 0),
        ])
        self.assertFalse(open_items)
        transfer = self.env["account.move.line"].search([
            ("account_id", "=", self.transfer_account.id), ("parent_state", "=", "posted"),
        ])
        self.assertEqual(sum(transfer.mapped("balance")), 0.0)
        self.assertConserved()

    def test_the_same_answer_again_changes_nothing_and_says_so(self):
        claims = self._claims(2)

        def tell(_claim, _asked):
            return Told(Decimal(500))

        batch = self._send(claims)
        batch.action_hand_over()
        content = answer(batch.file_id.raw, tell, trace="EFT-00003")
        files = self.env["billing.remittance.file"]
        first = files._take_in_all([("a.835", content)])
        moves = self.env["account.move"].search_count([])
        again = files._take_in_all([("b.835", content.replace(b"~", b"~\n"))])
        self.assertEqual(set(first.item_ids.mapped("state")), {"posted"})
        self.assertEqual(set(again.item_ids.mapped("state")) - {"duplicate"}, set())
        self.assertEqual(self.env["account.move"].search_count([]), moves)
        self.assertConserved()
