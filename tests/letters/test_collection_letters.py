from odoo import SUPERUSER_ID
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time

from ..collections.common import CollectionCase
from ..common import TODAY
from ..reports.common import SERVICE_WORDS, PaperCase

LETTER = "billing_coordinator.action_report_collection_letter"
LANGUAGES = ("de_DE", "es_ES")


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCollectionLetters(CollectionCase, PaperCase):
    """What a letter says: how much, for which bills, by when, what follows by the pipeline, and what can be done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("de_DE")
        cls.env["res.lang"]._activate_lang("es_ES")
        cls.env["ir.module.module"]._load_module_terms(["billing_coordinator"], list(LANGUAGES), overwrite=True)
        cls.nora.write({"billing_channel": "letter", "street": "1 Main Street", "zip": "60546", "city": "Riverside"})
        cls.company.write({"phone": "(708) 555-0100", "email": "billing@example.com"})

    def _use_usual_stages(self):
        """Nora's office works with the stages that every company begins with."""
        stages = self.env["billing.collection.stage"].with_context(active_test=False)
        used = stages.search([("company_id", "=", self.company.id)])
        used.active = False
        used.company_id = self.env["res.company"].create({"name": "Another office"})
        stages.sudo().search([("company_id", "=", self.env.ref("base.main_company").id)]).active = True
        return stages._create_usual_stages(self.company).filtered(lambda stage: stage.debtor_class == "person")

    def _step(self, stage, day=TODAY, lang=None):
        """A letter of a stage, ready to be printed, over all that Nora owes."""
        if lang:
            self.nora.lang = lang
        at_night = self.env(user=SUPERUSER_ID)
        at_night["billing.collection.case"]._take_snapshot(self.company)
        case = self._case().filtered(lambda case: case.state == "open")
        step = at_night["billing.collection.step"].create({
            "case_id": case.id, "stage_id": stage.id, "date": day, "channel": "letter", "state": "review",
        })
        items = case._get_items()[case.id]
        step._write_lines([[(item, stage.id) for item in sorted(items, key=lambda item: item.due) if item.asked]])
        return step.with_env(self.env)

    def _read_step(self, step, day=TODAY):
        with freeze_time(day):
            return self._read(LETTER, step)

    # === WORDS === #

    def test_a_friendly_reminder_assumes_good_will(self):
        _early, friendly, *_later = self._use_usual_stages()
        text = self._read_step(self._step(friendly))
        self.assertIn("Has our bill slipped your mind? company_1_data, March 16, 2026 Hello Nora Neu,", text)
        self.assertIn("Please pay $600.00 by March 29, 2026", text)
        self.assertIn(f"Reference {self.nora.billing_account_number}", text)
        self.assertIn("It may simply have slipped your mind; that happens to all of us.", text)
        self.assertIn(f"{self.january.name} 01/10/2026 02/09/2026 35 $200.00", text)
        self.assertIn(f"{self.february.name} 02/10/2026 03/12/2026 4 $400.00 You owe $600.00", text)
        self.assertIn("Have you paid already? Then there is nothing to do.", text)
        self.assertIn("Amount $600.00", text)
        for word in ("fee", "agency", "overdue", "court", "hold"):
            self.assertNotIn(word, text.lower())

    def test_a_final_demand_says_exactly_what_follows_and_when(self):
        *_before, final, _agency = self._use_usual_stages()
        text = self._read_step(self._step(final, "2026-05-20"), "2026-05-20")
        self.assertIn("Please pay $600.00 by June 18, 2026", text)
        self.assertIn("Your account is on hold now: please call us before your next appointment.", text)
        # 30 days after this letter, and 120 after the oldest bill was due (9 February).
        self.assertIn(
            "If we do not hear from you by June 18, 2026, we will hand what is open to a collection agency, on "
            "June 19, 2026 at the earliest. A payment, a payment plan or your objection stops that.", text,
        )

    def test_no_letter_threatens_with_what_the_pipeline_does_not_do(self):
        *_before, final, agency = self._use_usual_stages()
        agency.active = False
        text = self._read_step(self._step(final))
        self.assertNotIn("agency", text)

    def test_a_second_notice_offers_a_plan_in_words_and_makes_none(self):
        self.env["billing.plan.policy"].create({"name": "Usual", "company_id": self.company.id, "count_usual": 4})
        second = self._use_usual_stages()[3]
        text = self._read_step(self._step(second))
        self.assertIn(
            "Can you not pay it all at once? Call us: 4 monthly payments of $150.00, for instance, which cost you "
            "nothing.", text,
        )
        self.assertFalse(self.env["billing.payment.plan"].search([("partner_id", "=", self.nora.id)]))

    def test_a_plan_that_costs_something_is_no_bargain_in_the_letter(self):
        self.env["billing.plan.policy"].create({
            "name": "Long", "company_id": self.company.id, "count_usual": 7, "rate": 6,
        })
        text = self._read_step(self._step(self._use_usual_stages()[3]))
        self.assertIn("7 monthly payments, for instance. We will tell you beforehand what they cost.", text)

    def test_a_letter_in_german(self):
        *_before, final, _agency = self._use_usual_stages()
        text = self._read_step(self._step(final, "2026-05-20", "de_DE"), "2026-05-20")
        text = text.replace("\N{NO-BREAK SPACE}", " ")
        self.assertIn("Letzte Mahnung company_1_data, 20.05.2026 Guten Tag Nora Neu, Bitte zahlen Sie 600,00 $", text)
        self.assertIn("bis zum 18.06.2026", text)
        self.assertIn(
            "Wenn wir bis zum 18.06.2026 nichts von Ihnen hören, übergeben wir das Offene an ein Inkassounternehmen, "
            "frühestens am 19.06.2026.", text,
        )
        self.assertIn(f"{self.january.name} 10.01.2026 09.02.2026 100 200,00 $", text)
        self.assertIn("Sie schulden 600,00 $", text)
        self.assertIn("Was Sie tun können", text)
        self.assertIn("Kostenlose und unabhängige Schuldnerberatung", text)

    def test_a_german_reminder_is_no_dunning_letter(self):
        for stage in self._use_usual_stages()[:2]:
            with self.subTest(stage.name), self.cr.savepoint() as savepoint:
                text = self._read_step(self._step(stage, lang="de_DE"))
                self.assertIn("Guten Tag Nora Neu,", text)
                self.assertNotIn("ahnung", text)
                savepoint.rollback()

    def test_a_letter_in_spanish(self):
        first = self._use_usual_stages()[2]
        text = self._read_step(self._step(first, lang="es_ES")).replace("\N{NO-BREAK SPACE}", " ")
        self.assertIn("Por favor, pague lo pendiente company_1_data, 16 de marzo de 2026 Estimado/a Nora Neu:", text)
        self.assertIn("Por favor, pague 600,00 US$ hasta el 29 de marzo de 2026", text)
        self.assertIn("Le hemos recordado las facturas de abajo y siguen pendientes.", text)
        self.assertIn("Usted debe 600,00 US$", text)
        self.assertIn("¿Ya ha pagado? Entonces no tiene que hacer nada.", text)

    def test_every_word_of_the_usual_stages_is_translated(self):
        main = self.env.ref("base.main_company")
        stages = self.env["billing.collection.stage"].sudo().with_context(active_test=False).search([
            ("company_id", "=", main.id),
        ])
        known = stages.filtered(lambda stage: stage.get_external_id()[stage.id])
        self.assertEqual(len(known), 13)
        for stage in known:
            for name in ("name", "subject", "text", "sms_text", "script"):
                english = stage.with_context(lang="en_US")[name]
                for lang in LANGUAGES if english else ():
                    self.assertNotEqual(stage.with_context(lang=lang)[name], english, (stage.name, name, lang))

    # === FIGURES === #

    def test_what_is_left_alone_stands_apart_and_is_never_owed(self):
        policy = self.env["billing.plan.policy"].create({"name": "Usual", "company_id": self.company.id})
        stages = self._use_usual_stages()
        self.env["billing.collection.case"].with_user(SUPERUSER_ID)._take_snapshot(self.company)
        plan = self.env["billing.payment.plan"].create({"partner_id": self.nora.id, "policy_id": policy.id})
        plan._take_debts()
        plan.item_ids.filtered(lambda item: item.move_id == self.february).unlink()
        plan.action_accept()
        text = self._read_step(self._step(stages[2]))
        self.assertIn("You owe $400.00", text)
        self.assertIn(f"Not asked for here {self.january.name}: in a payment plan $200.00", text)

    def test_fees_and_interest_are_lines_of_their_own(self):
        self.env["billing.interest.rate"].create({
            "company_id": self.company.id, "debtor": "person", "date_from": "2026-01-01", "percent": 9.12,
        })
        self.first.write({"fee": 5.0, "charges_interest": True})
        step = self._step(self.first, lang="de_DE")
        step._set_state("ready")
        step._do()
        text = step.letter_id.raw.decode()
        self.assertIn("Gebühr: First notice", text)
        self.assertIn("9,12 % im Jahr, 10.02.2026 bis 16.03.2026 (35 Tage)", text)
        text = self._read_step(step).replace("\N{NO-BREAK SPACE}", " ")
        # 1.75 for January, 0.40 for four days of February.
        self.assertIn("Sie schulden 607,15 $", text)

    def test_each_currency_has_its_own_sum_and_slip(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        bill = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.nora.id, "currency_id": euro.id,
            "invoice_date": "2026-01-10", "invoice_date_due": "2026-02-09",
            "invoice_line_ids": [Command.create({"name": "X", "price_unit": 50.0, "tax_ids": [Command.clear()]})],
        })
        bill.action_post()
        text = self._read_step(self._step(self._use_usual_stages()[2]))
        self.assertIn("Please pay $600.00 + €50.00 by", text)
        self.assertIn("You owe $600.00", text)
        self.assertIn("You owe €50.00", text)
        self.assertIn("Amount $600.00", text)
        self.assertIn("Amount €50.00", text)

    def test_a_reminder_before_the_due_date_names_it(self):
        self._pay(self.january + self.february, 600.0, date=TODAY)
        self._bill_nora(90.0, "2026-02-17")
        text = self._read_step(self._step(self._use_usual_stages()[0]))
        self.assertIn("Please pay $90.00 by March 19, 2026", text)
        self.assertIn("02/17/2026 03/19/2026 – $90.00", text)

    def test_a_letter_goes_to_the_confidential_address_and_no_other(self):
        self.nora.billing_confidential_address = "c/o Susan Reed\n99 Elm Road\nChicago"
        text = self._read_step(self._step(self._use_usual_stages()[2]))
        self.assertIn("99 Elm Road", text)
        self.assertNotIn("1 Main Street", text)

    def test_nothing_in_a_letter_is_about_health(self):
        visit = self._create_encounter(self.nora, [(self.service, 70.0), (self.lab, 30.0)], date="2026-02-01")
        visit.diagnosis_ids = [Command.create({"code_id": self.diabetes.id})]
        self._bill(visit, date="2026-02-01")
        self.nora.special_concerns = "Type 2 diabetes"
        for stage in self._use_usual_stages():
            with self.subTest(stage.name), self.cr.savepoint() as savepoint:
                text = self._read_step(self._step(stage))
                self.assertIn("$100.00", text)
                for word in (*SERVICE_WORDS, visit.name):
                    self.assertNotIn(word, text)
                savepoint.rollback()

    def test_free_debt_advice_is_named_to_people_and_not_to_companies(self):
        self.company.billing_advice_text = "Free advice: call 1-800-388-2227."
        step = self._step(self._use_usual_stages()[2])
        self.assertIn("Free advice: call 1-800-388-2227.", self._read_step(step))
        step.case_id.sudo().debtor_class = "company"
        text = self._read_step(step)
        self.assertNotIn("Free advice", text)
        self.assertIn("Hello, ", text)

    def test_letters_cost_a_fixed_number_of_queries(self):
        self.env["billing.plan.policy"].create({"name": "Usual", "company_id": self.company.id})
        debtors = []
        for number in range(12):
            debtor = self._create_patient(f"Debtor {number}", billing_channel="letter")
            debtor._set_state("pending")
            debtor._set_state("active")
            self._bill(self._create_encounter(debtor, [(self.service, 80.0)], date="2026-02-01"), date="2026-02-01")
            debtors.append(debtor)
        self.reminder.write({"days": 1, "offers_plan": True})
        self._night()
        steps = self.env["billing.collection.step"].search([("partner_id", "in", [debtor.id for debtor in debtors])])
        self.assertEqual(len(steps), 12)

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["billing.collection.letter"]._get_letters(some)
            return self.cr.sql_log_count - before

        count(steps[:1])
        self.assertEqual(count(steps[1:3]), count(steps[2:]))
