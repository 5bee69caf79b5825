from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..agencies.common import AgencyCase
from ..common import TODAY

# What belongs to a person, in every room of the house.
ROOMS = {
    "account.move": "partner_id",
    "account.move.line": "partner_id",
    "account.payment": "partner_id",
    "billing.ability.assessment": "partner_id",
    "billing.assistance.application": "applicant_id",
    "billing.claim": "patient_id",
    "billing.collection.case": "partner_id",
    "billing.collection.contact": "partner_id",
    "billing.collection.promise": "partner_id",
    "billing.collection.step": "partner_id",
    "billing.consent": "partner_id",
    "billing.coverage": "patient_id",
    "billing.dispute": "partner_id",
    "billing.encounter": "patient_id",
    "billing.estimate": "patient_id",
    "billing.payment.plan": "partner_id",
    "billing.placement": "partner_id",
    "billing.statement.line": "partner_id",
}


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestMergeHistory(AgencyCase):
    """Somebody who was here twice becomes one account, and nothing of either history is lost, in no room."""

    def _merge(self, twin):
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"]._merge((self.nora + twin).ids, self.nora)
        self.env.invalidate_all()

    def _count(self, partners):
        """{model: how many records belong to these people}."""
        return {
            model: self.env[model].with_context(active_test=False).search_count([(name, "in", partners.ids)])
            for model, name in ROOMS.items()
        }

    def _live(self, person, email):
        """A history in every room: bills, a plan, a case, calls, a dispute, a debt at an agency, statements."""
        person.write({"street": "1 Road", "email": email, "special_concerns": f"Concern of {email}"})
        policy = self.env["billing.plan.policy"].search([], limit=1) or self.env["billing.plan.policy"].create({
            "name": "Six", "count_usual": 6, "company_id": self.company.id,
        })
        asked, paid = (
            self._bill(self._create_encounter(person, [(self.service, 80.0)], date=day))
            for day in ("2026-03-03", "2026-03-04")
        )
        planned = self._bill(self._create_encounter(person, [(self.service, 90.0)], date="2026-03-05"))
        plan = self.env["billing.payment.plan"].create({
            "partner_id": person.id, "policy_id": policy.id, "date": TODAY, "date_first": "2026-04-01",
            "item_ids": [
                Command.create({"move_line_id": planned._get_billing_receivable_item().id, "amount_start": 90.0}),
            ],
        })
        plan.action_propose()
        plan.action_accept()
        self._pay(paid, 50.0)
        self.env["billing.dispute"].create({
            "partner_id": person.id, "claim": "Wrong.",
            "category_id": self.env.ref("billing_coordinator.dispute_category_amount").id,
            "item_ids": [Command.create({"move_line_id": asked._get_billing_receivable_item().id, "amount": 20.0})],
        })
        plan, rank = (self.plan, "1") if person == self.nora else (self.plan_b, "2")
        self._create_coverage(person, plan, rank=rank)
        self._bill(self._create_encounter(person, date="2026-03-06"))
        self.env["billing.estimate"].create({"patient_id": person.id, "date": TODAY})
        self.env["billing.consent"].create({
            "partner_id": person.id, "kind": "release" if person == self.nora else "assignment",
            "date_given": "2026-02-02",
        })

    def test_everything_of_both_belongs_to_who_remains(self):
        twin = self._create_patient("Nora Neu")
        for price, date in ((30.0, "2026-01-10"), (60.0, "2026-02-10")):
            self._bill(self._create_encounter(twin, [(self.service, price)], date=date), date=date)
        self._night()
        self._place(self._open_cases())
        self._live(self.nora, "nora@example.com")
        self._live(twin, "nora@example.com")
        run = self.env["billing.statement.run"].create({"skip_case": False})
        run.action_prepare()
        run.action_send()
        both = self.nora + twin
        for case in self._case() | self._case(twin):
            self.env["billing.collection.contact"].create({
                "case_id": case.id, "channel": "call", "outcome": "reached", "note": "Called.",
            })
        before, owed = self._count(both), self._owed(self.nora) + self._owed(twin)
        missing = {model for model, count in before.items() if not count}
        self.assertEqual(
            missing - {"billing.ability.assessment", "billing.assistance.application", "billing.collection.promise"},
            set(),
        )
        notes = self.env["mail.message"].search_count([("model", "=", "res.partner"), ("res_id", "in", both.ids)])
        number = twin.billing_account_number
        self._merge(twin)
        self.assertFalse(twin.exists())
        self.assertEqual(self._count(self.nora), before)
        self.assertEqual(self._owed(self.nora), owed)
        after = self.env["mail.message"].search_count([("model", "=", "res.partner"), ("res_id", "=", self.nora.id)])
        self.assertGreaterEqual(after, notes)
        self.assertIn(f"account number {number} belong here", "".join(self.nora.message_ids.mapped("body")))
        self.assertEqual(len(self._case().filtered(lambda case: case.state == "open")), 1)
        self.assertConserved()
        [statement] = self.env["report.billing_coordinator.report_statement"]._get_statements(self.nora, self.company)
        self.assertEqual(statement["amount_open"], owed)

    def test_special_concerns_of_both_are_kept(self):
        twin = self._create_patient("Nora Neu", special_concerns="Deaf in the left ear")
        self.nora.special_concerns = "Call the daughter"
        self._merge(twin)
        self.assertEqual(self.nora.special_concerns, "Call the daughter\nDeaf in the left ear")

    def test_who_paid_for_their_twin_pays_for_nobody_then(self):
        twin = self._create_patient("Nora Neu", guarantor_id=self.nora.id)
        self._merge(twin)
        self.assertFalse(self.nora.guarantor_id)
        other = self._create_patient("Nora Neu")
        self.nora.guarantor_id = other
        self._merge(other)
        self.assertFalse(self.nora.guarantor_id)
