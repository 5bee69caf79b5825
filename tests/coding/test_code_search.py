"""Finding a code: part of it or words in any order, favourites first, what is valid on the day."""

from lxml import etree

from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval


@tagged("post_install", "-at_install")
class TestCodeSearch(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = cls.env["billing.code.system"].create({"name": "Search list", "code": "SEARCHLIST"})
        cls.env["res.lang"]._activate_lang("es_ES")
        cls.knee, cls.hip, cls.heading, cls.old = cls.env["billing.code"].create([
            {"system_id": cls.system.id, **values} for values in (
                {
                    "code": "ZM5.561", "name": "Pain in zright knee",
                    "description": "Persistent zarthralgia 100% knee (zleft/zright)",
                },
                {"code": "ZM5.551", "name": "Pain in zright hip", "date_from": "2026-01-01"},
                {"code": "ZM5", "name": "Joint zpain", "is_billable": False},
                {"code": "ZM4", "name": "Old zpain", "date_to": "2025-12-31"},
            )
        ])
        cls.knee.with_context(lang="es_ES").name = "Dolor en la zrodilla"
        cls.reader = new_test_user(cls.env, login="reader", groups="billing_coordinator.group_readonly")

    def _found(self, words, **context):
        codes = self.env["billing.code"].with_user(self.reader).with_context(**context)
        return codes.browse([id_ for id_, _name in codes.name_search(words)])

    def test_words_in_any_order_and_any_part_of_the_code(self):
        for words in (
            "knee zright", "zright KNEE", "M5.561", "zm5561", "ZM55.61", "knee zm5", "zarthralgia", "zarth kn",
            "100% knee", "zleft/zright,zarthralgia",
        ):
            self.assertEqual(self._found(words), self.knee, words)
        self.assertFalse(self._found("knee hip zright"))

    def test_a_translation_is_found_whatever_language_one_reads(self):
        self.assertEqual(self._found("zrodilla"), self.knee)
        self.assertEqual(self._found("zrodilla dolor", lang="es_ES"), self.knee)

    def test_one_or_two_characters_are_the_beginning_of_a_code(self):
        self.assertEqual(self._found("zm"), self.old + self.heading + self.hip + self.knee)

    def test_wildcards_and_quotes_are_plain_characters(self):
        self.assertFalse(self._found("zm5_561"))
        self.assertEqual(self._found('"zarthralgia"'), self.knee)
        self.assertFalse(self._found("zarthralgia \\"))

    def test_favourites_come_first_for_whoever_has_them(self):
        self.assertEqual(self._found("zright"), self.hip + self.knee)
        self.knee.with_user(self.reader).action_toggle_favourite()
        self.assertEqual(self._found("zright"), self.knee + self.hip)
        self.assertFalse(self.knee.is_favourite, "another user's")
        codes = self.env["billing.code"].with_user(self.reader)
        self.assertEqual(codes.search([("is_favourite", "=", True)]), self.knee)
        self.knee.with_user(self.reader).action_toggle_favourite()
        self.assertFalse(self.knee.with_user(self.reader).is_favourite)

    def test_what_begins_with_the_typed_code_comes_before_what_only_mentions_it(self):
        other = self.env["billing.code"].create({"system_id": self.system.id, "code": "AZM5", "name": "Other"})
        self.assertEqual(self._found("zm5")[-1], other)

    def test_for_a_date_of_service_only_codes_that_may_be_billed_are_offered(self):
        self.assertEqual(self._found("zm", billing_code_date="2025-06-01"), self.old + self.knee)
        self.assertEqual(self._found("zm", billing_code_date="2026-06-01"), self.hip + self.knee)

    def test_the_list_to_choose_from_offers_what_the_field_offers(self):
        codes = self.env["billing.code"].with_user(self.reader).with_context(billing_code_date="2026-06-01")
        found = codes.web_search_read([("system_id", "=", self.system.id)], {"code": {}})
        self.assertEqual([record["code"] for record in found["records"]], ["ZM5.551", "ZM5.561"])

    def test_visits_estimates_and_authorizations_offer_what_may_be_billed_on_their_day(self):
        for view, name, day in (
            ("billing_encounter_view_form", "line_ids", "date"),
            ("billing_encounter_view_form", "diagnosis_ids", "date"),
            ("billing_encounter_view_form", "place_id", "date"),
            ("billing_estimate_view_form", "line_ids", "date"),
            ("billing_estimate_view_form", "diagnosis_code_ids", "date"),
            ("billing_authorization_view_form", "line_ids", "date_from"),
        ):
            arch = self.env.ref(f"billing_coordinator.{view}").arch
            [field] = etree.fromstring(arch).xpath(f"//field[@name='{name}'][not(ancestor::field)]")
            context = safe_eval(field.get("context"), {day: "2025-06-01"})
            self.assertEqual(self._found("zm", **context), self.old + self.knee, (view, name))

    def test_a_list_searches_as_the_field_does_and_can_be_turned_round(self):
        codes = self.env["billing.code"]
        mine = [("system_id", "=", self.system.id)]
        self.assertEqual(codes.search([*mine, ("display_name", "ilike", "knee zright")]), self.knee)
        self.assertEqual(
            codes.search([*mine, ("display_name", "not ilike", "zright")]), self.old + self.heading,
        )

    def test_a_whole_letter_in_the_field_finds_nothing_and_breaks_nothing(self):
        for text in ("z" * 3000, "knee " + "ﬁ" * 3000, "zm5.561 " * 300, "%_\\'\"&|!():*<->"):
            self._found(text)
        self.assertFalse(self._found("z" * 3000))
        self.assertTrue(self._found("zm5.561 " * 300))

    def test_a_search_costs_no_more_queries_for_more_codes(self):
        self.env["billing.code"].create([
            {"system_id": self.system.id, "code": f"ZX{number}", "name": "Many zmany"} for number in range(50)
        ])
        codes = self.env["billing.code"].with_user(self.reader)
        codes.name_search("zmany", limit=8)
        self.env.invalidate_all()
        with self.assertQueryCount(4):
            self.assertEqual(len(codes.name_search("zmany", limit=8)), 8)

    def test_a_code_does_not_stand_under_itself(self):
        self.knee.parent_id = self.heading
        with self.assertRaisesRegex(Exception, "cannot stand under itself"):
            self.heading.parent_id = self.knee
