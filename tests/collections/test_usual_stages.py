from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tests.common import freeze_time

from ..common import TODAY
from .common import CollectionCase

PEOPLE = [
    ("Reminder before the due date", -3), ("Friendly reminder", 7), ("First notice", 21), ("Second notice", 35),
    ("Final demand", 60), ("Collection agency", 120),
]


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestUsualStages(CollectionCase):
    """What a company begins with: gentle first, a manager before anything harsh, nothing that costs money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.all_stages = cls.env["billing.collection.stage"].with_context(active_test=False)
        cls.main = cls.all_stages.sudo().search([("company_id", "=", cls.env.ref("base.main_company").id)])
        cls.main.active = True

    def _of(self, company, debtor_class="person"):
        return self.all_stages.sudo().search([
            ("company_id", "=", company.id), ("debtor_class", "=", debtor_class),
        ])

    def test_a_new_company_begins_with_the_stages_of_the_main_one(self):
        company = self.env["res.company"].create({"name": "Second office"})
        self.assertEqual(self._of(company).mapped(lambda stage: (stage.name, stage.days)), PEOPLE)
        self.assertEqual([len(self._of(company, kind)) for kind in ("company", "payer")], [4, 3])
        self.all_stages._create_usual_stages(company)
        self.assertEqual(len(self._of(company)), 6, "who has some keeps those")

    def test_columns_folded_in_the_main_company_are_folded(self):
        """The pipeline opens on those who are late."""
        early = self.main.filtered(lambda stage: stage.days < 0)
        early.fold = True
        company = self.env["res.company"].create({"name": "Second office"})
        self.assertEqual(self._of(company).filtered("fold").mapped("name"), early.mapped("name"))

    def test_words_in_all_languages_come_along(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["ir.module.module"]._load_module_terms(["billing_coordinator"], ["de_DE"], overwrite=True)
        company = self.env["res.company"].create({"name": "Second office"})
        stage = self._of(company)[2].with_context(lang="de_DE")
        self.assertEqual(stage.name, "Erste Mahnung")
        self.assertIn("Wir haben Sie an die Rechnungen unten erinnert", stage.text)

    def test_amounts_are_in_the_currency_of_the_company(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        self.env["res.currency.rate"].create({"currency_id": yen.id, "rate": 100.0, "name": "2026-01-01"})
        company = self.env["res.company"].create({"name": "Tokyo office", "currency_id": yen.id})
        main = self.env.ref("base.main_company")
        rate = self.env["res.currency"]._get_conversion_rate(main.currency_id, yen, company, "2026-03-16")
        self.assertEqual(self._of(company)[4].amount_min, yen.round(25 * rate))

    def test_nothing_costs_money_and_nothing_harsh_comes_without_a_manager(self):
        self.assertFalse(self.main.filtered(lambda stage: stage.fee or stage.charges_interest))
        for stage in self.main.filtered(lambda stage: stage.holds_account or stage.is_placement):
            self.assertEqual(stage.review, "manager", stage.name)
        for stage in self.main:
            self.assertTrue(stage.script, stage.name)
            for word in ("court", "lawyer", "credit report", "{"):
                self.assertNotIn(word, f"{stage.subject} {stage.text}".lower())

    def test_only_a_manager_gives_a_company_its_stages(self):
        clara = new_test_user(self.env, "clara", "billing_coordinator.group_coordinator", company_id=self.company.id)
        with self.assertRaises(AccessError):
            self.all_stages.with_user(clara)._create_usual_stages(self.company)
        mona = new_test_user(self.env, "mona", "billing_coordinator.group_manager", company_id=self.company.id)
        self._of(self.company).unlink()
        self.all_stages.sudo().search([("company_id", "=", self.company.id)]).unlink()
        created = self.all_stages.with_user(mona)._create_usual_stages(self.company)
        self.assertEqual(created.company_id, self.company)
