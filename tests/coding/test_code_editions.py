"""Loading published lists: what becomes of each code, one edition after the other."""

from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.billing_coordinator.models.coding.stage import CodeStage

from .common import EDITION_2025, CodeImportCase


@tagged("post_install", "-at_install")
class TestEditions(CodeImportCase):
    """One edition after the other: codes begin, change, end, and come back."""

    def test_the_first_edition_brings_its_codes_with_their_headings(self):
        loading = self._load(EDITION_2025)
        self.assertEqual((loading.state, self._counts(loading)), ("done", (4, 0, 0, 0)))
        self.assertEqual(self._code("Q10.1").parent_id, self._code("Q10"))
        self.assertEqual(self._codes()["Q11"], [("2024-10-01", "False", True)])
        self.assertEqual((self.system.edition, self.system.edition_date), ("2025", date(2024, 10, 1)))

    def test_the_same_file_again_changes_nothing_and_says_so(self):
        self._load(EDITION_2025)
        before = self._code("Q11").read()
        loading = self._load(EDITION_2025)
        self.assertEqual(self._counts(loading), (0, 0, 0, 4))
        self.assertIn("nothing was changed", loading.report)
        self.assertEqual(self._code("Q11").read(), before)

    def test_the_last_file_again_is_not_even_read_as_long_as_nobody_touched_the_list(self):
        self._load(EDITION_2025)
        with patch.object(CodeStage, "fill", side_effect=AssertionError("read")):
            loading = self._load(EDITION_2025)
        self.assertEqual((loading.state, loading.same_count, loading.row_done), ("done", 4, 4))
        self.assertIn("This very file", loading.report)

    def test_the_last_file_again_is_read_when_something_is_otherwise(self):
        self._load(EDITION_2025)
        self._code("Q11").name = "Hick-ups"
        self.assertEqual(self._counts(self._load(EDITION_2025)), (0, 1, 0, 3), "somebody changed a code")
        self.assertEqual(self._code("Q11").name, "Hiccups")
        self._code("Q11").unlink()
        self.assertEqual(self._counts(self._load(EDITION_2025)), (1, 0, 0, 3), "somebody deleted a code")
        loading = self._load(EDITION_2025, edition="2025 corrected")
        self.assertNotIn("This very file", loading.report, "another edition is said")
        loading = self._load(EDITION_2025, edition="2025 corrected", compare=True)
        self.assertNotIn("This very file", loading.report, "comparing was asked for")
        self._load([("Q99", 1, "Other")], is_complete=False)
        loading = self._load(EDITION_2025, edition="2025 corrected")
        self.assertNotIn("This very file", loading.report, "another file came between")

    def test_nobody_looking_a_file_does_not_end_a_large_part_of_a_list(self):
        many = [(f"Q{number}", 1, f"Trouble {number}") for number in range(10, 70)]
        self._load(many)
        with self.assertRaisesRegex(
            UserError, r"20 of the 60 entries that are valid until now would end \(33 %\)",
        ) as caught, self.cr.savepoint():
            self._load(many[:40], "icd10cm_order_2026.txt")
        self.assertIn("nothing was changed", str(caught.exception))
        self.assertEqual(self._codes()["Q69"], [("2024-10-01", "False", True)])
        self.assertEqual(self._load(many[:50], "icd10cm_order_2026.txt").ended_count, 10, "a sixth is usual")
        loading = self._load(many[:20], "icd10cm_order_2027.txt", may_end=True)
        self.assertEqual(loading.ended_count, 30, "whoever runs the script said so")

    def test_how_much_may_end_unseen_is_a_system_parameter(self):
        many = [(f"Q{number}", 1, f"Trouble {number}") for number in range(10, 70)]
        self._load(many)
        self.env["ir.config_parameter"].set_param("billing_coordinator.code_import_most_ending", "50")
        self.assertEqual(self._load(many[:40], "icd10cm_order_2026.txt").ended_count, 20)

    def test_what_a_new_edition_drops_ends_on_the_day_before_and_is_kept(self):
        self._load(EDITION_2025)
        loading = self._load(EDITION_2025[:3], "icd10cm_order_2026.txt")
        self.assertEqual(self._counts(loading), (0, 0, 1, 3))
        self.assertEqual(self._codes()["Q11"], [("2024-10-01", "2025-09-30", True)])

    def test_new_words_mend_the_code_and_keep_its_translations(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self._load(EDITION_2025)
        code = self._code("Q11")
        code.with_context(lang="es_ES").name = "Hipo"
        loading = self._load([*EDITION_2025[:3], ("Q11", 1, "Hiccup")], "icd10cm_order_2026.txt")
        self.assertEqual(self._counts(loading), (0, 1, 0, 3))
        self.assertEqual((code.name, code.with_context(lang="es_ES").name), ("Hiccup", "Hipo"))
        self.assertEqual((code.edition, code.write_uid), ("2026", self.env.user))

    def test_texts_in_another_language_stand_beside_the_english_ones(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self._load(EDITION_2025)
        loading = self._load([("Q11", 1, "Hipo")], lang="es_ES", is_complete=False)
        code = self._code("Q11")
        self.assertEqual(self._counts(loading), (0, 1, 0, 0))
        self.assertEqual((code.name, code.with_context(lang="es_ES").name), ("Hiccups", "Hipo"))
        self.assertEqual(self._counts(self._load([("Q11", 1, "Hipo")], lang="es_ES", is_complete=False)), (0, 0, 0, 1))

    def test_a_code_that_becomes_a_heading_is_a_second_version_from_then_on(self):
        self._load(EDITION_2025)
        user = new_test_user(self.env, login="fan", groups="billing_coordinator.group_readonly")
        old = self._code("Q11")
        old.with_user(user).action_toggle_favourite()
        self._load([*EDITION_2025[:3], ("Q11", 0, "Hiccups"), ("Q111", 1, "Loud")], "icd10cm_order_2026.txt")
        self.assertEqual(
            self._codes()["Q11"], [("2024-10-01", "2025-09-30", True), ("2025-10-01", "False", False)],
        )
        new = self._code("Q11") - old
        self.assertEqual(self._code("Q11.1").parent_id, new)
        self.assertTrue(new.with_user(user).is_favourite)

    def test_an_older_edition_loaded_later_fills_the_time_before(self):
        self._load(EDITION_2025[:3], "icd10cm_order_2026.txt")
        loading = self._load(EDITION_2025)
        self.assertEqual(self._counts(loading), (1, 3, 0, 0))
        self.assertEqual(self._codes()["Q10.1"], [("2024-10-01", "False", True)])
        self.assertEqual(self._codes()["Q11"], [("2024-10-01", "2025-09-30", True)], "the later edition dropped it")
        self.assertEqual(self.system.edition, "2026")

    def test_a_wrong_file_is_mended_by_the_right_one(self):
        self._load(EDITION_2025)
        self._load(EDITION_2025[:1], "icd10cm_order_2026.txt")
        loading = self._load(EDITION_2025, "icd10cm_order_2026.txt")
        self.assertEqual(self._counts(loading), (0, 3, 0, 1))
        self.assertEqual(self._codes()["Q11"], [("2024-10-01", "False", True)])

    def test_a_part_of_a_list_ends_nothing(self):
        self._load(EDITION_2025)
        self._load(EDITION_2025[:1], "icd10cm_order_2026.txt", is_complete=False)
        self.assertEqual(self._codes()["Q11"], [("2024-10-01", "False", True)])

    def test_a_list_of_billable_codes_ends_no_heading(self):
        self._load(EDITION_2025)
        self._load("Q101    Headache, mild\nQ102    Headache, strong\n", "icd10cm_codes_2026.txt")
        self.assertEqual(self._codes()["Q10"], [("2024-10-01", "False", False)])
        self.assertEqual(self._codes()["Q11"], [("2024-10-01", "2025-09-30", True)])

    def test_a_code_typed_by_hand_is_known_again_whatever_its_case(self):
        self.env["billing.code"].create({
            "system_id": self.system.id, "code": "q11", "name": "Hiccups", "kind": "diagnosis",
            "date_from": "2015-10-01",
        })
        loading = self._load(EDITION_2025)
        self.assertEqual(self._counts(loading), (3, 1, 0, 0), "its long description was missing")
        self.assertEqual(len(self._code("q11")), 1)

    def test_dates_in_the_file_count_and_a_second_version_is_its_own_row(self):
        self._load("code,name,valid from,valid until\nH1,Old talk,2020-01-01,2024-12-31\nH1,New talk,2025-01-01,\n",
                   "own.csv")
        self.assertEqual(
            self._codes()["H1"], [("2020-01-01", "2024-12-31", True), ("2025-01-01", "False", True)],
        )
        self.assertEqual(self._code("H1", date_to=False).name, "New talk")

    def test_rows_are_as_the_orm_would_have_made_them(self):
        self._load(EDITION_2025)
        twin = self.env["billing.code.system"].create({"name": "Twin", "code": "TWIN"})
        made = self.env["billing.code"]
        for code in self._code("Q10") + self._code("Q10.1"):
            made += made.create({
                "system_id": twin.id, "code": code.code, "name": code.name, "description": code.description,
                "kind": "diagnosis", "is_billable": code.is_billable, "edition": "2025", "date_from": "2024-10-01",
                "parent_id": made[:1].id,
            })
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM billing_code WHERE id = ANY(%s) ORDER BY code", [made.ids])
        expected = self.env.cr.dictfetchall()
        self.env.cr.execute(
            "SELECT * FROM billing_code WHERE system_id = %s AND code IN ('Q10', 'Q10.1') ORDER BY code",
            [self.system.id],
        )
        for mine, theirs in zip(self.env.cr.dictfetchall(), expected, strict=True):
            for name in ("id", "system_id", "parent_id"):
                mine.pop(name), theirs.pop(name)
            self.assertEqual(mine, theirs)

    def test_a_heading_that_the_file_takes_away_is_gone_and_stays_gone(self):
        self._load("code,name,parent\nA,Advice,\nA1,Advice by phone,A\n", "own.csv")
        self.assertEqual(self._code("A1").parent_id, self._code("A"))
        file = "code,name,parent\nA,Advice,\nA1,Advice by phone,\n"
        self.assertEqual(self._counts(self._load(file, "own.csv")), (0, 1, 0, 1))
        self.assertFalse(self._code("A1").parent_id)
        self.assertEqual(self._counts(self._load(file, "own.csv", compare=True)), (0, 0, 0, 2))

    def test_a_file_that_says_nothing_of_headings_leaves_them(self):
        self._load("code,name,parent\nA,Advice,\nA1,Advice by phone,A\n", "own.csv")
        self._load("code,name\nA,Advice\nA1,Advice by video\n", "own.csv")
        self.assertEqual(self._code("A1").parent_id, self._code("A"))

    def test_a_code_does_not_come_to_stand_under_itself_by_way_of_the_list(self):
        self._load("code,name,parent\nA,Advice,\nB,Bone,A\n", "own.csv")
        with self.assertRaisesRegex(UserError, "Line 2: A would stand under itself, by way of B"), self.cr.savepoint():
            self._load("code,name,parent\nA,Advice,B\n", "own.csv")
        loading = self._load("code,name,parent\nA,Advice,\nB,Bone,\nC,Cast,B\n", "own.csv")
        self.assertEqual(self._counts(loading), (1, 1, 0, 1))
