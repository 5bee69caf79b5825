from datetime import date
from threading import Thread

from odoo import api
from odoo.exceptions import ValidationError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, freeze_time, get_db_name, tagged
from odoo.tools import mute_logger

from .common import CoverageCommon


@tagged("post_install", "-at_install")
class TestOneCoveragePerRank(CoverageCommon):
    def test_the_second_primary_is_refused_with_the_first_one_named(self):
        self._cover()
        with self.assertRaises(ValidationError) as caught:
            self._cover(plan_id=self.green.id, member_number="9", date_from="2026-12-31", date_to=False)
        self.assertEqual(
            str(caught.exception),
            "Ana López already has Primary coverage Blue Plan (member 123) from 01/01/2026 to 12/31/2026. "
            "End that one first or choose another rank.",
        )

    def test_an_open_end_reads_as_since(self):
        self._cover(date_to=False)
        with self.assertRaisesRegex(
            ValidationError, r"Blue Plan \(member 123\) since 01/01/2026\. End that one"
        ):
            self._cover(date_from="2030-01-01", date_to="2030-01-02")

    def test_another_rank_person_or_time_is_fine(self):
        self._cover()
        self._cover(rank="2")
        self._cover(rank="3")
        self._cover(patient_id=self.ben.id)
        self._cover(date_from="2027-01-01", date_to=False)
        self._cover(date_from="2025-01-01", date_to="2025-12-31")
        self.assertEqual(len(self.ana.coverage_ids), 5)

    def test_the_other_company_has_its_own_order(self):
        other = self.env["res.company"].create({"name": "Second office"})
        plan = self.blue.copy({"company_id": other.id})
        both = self.env["billing.coverage"].create(
            [self._coverage_vals(), self._coverage_vals(plan_id=plan.id)]
        )
        self.assertEqual(both.company_id, self.company + other)

    def test_two_in_one_import_are_compared_too(self):
        with self.assertRaisesRegex(ValidationError, "already has Primary coverage"):
            self.env["billing.coverage"].create(
                [self._coverage_vals(), self._coverage_vals(member_number="9")]
            )

    def test_moving_one_onto_another_is_refused(self):
        self._cover()
        second = self._cover(rank="2", plan_id=self.green.id)
        next_year = self._cover(date_from="2027-01-01", date_to="2027-12-31")
        bens = self._cover(patient_id=self.ben.id)
        for coverage, vals in (
            (second, {"rank": "1"}),
            (next_year, {"date_from": "2026-12-31"}),
            (bens, {"patient_id": self.ana.id, "subscriber_id": self.ana.id}),
            (second + next_year, {"rank": "1", "date_from": "2028-01-01", "date_to": False}),
        ):
            with self.assertRaisesRegex(ValidationError, "already has Primary coverage"), self.cr.savepoint():
                coverage.write(vals)

    def test_an_archived_one_makes_room_and_comes_back_only_into_room(self):
        first = self._cover()
        first.active = False
        self._cover(plan_id=self.green.id)
        with self.assertRaisesRegex(ValidationError, "already has Primary coverage Green Plan"):
            first.active = True

    def test_saving_it_again_is_fine(self):
        coverage = self._cover()
        coverage.write({"rank": "1", "date_to": "2026-11-30"})
        self.assertEqual(coverage.date_to, date(2026, 11, 30))


@tagged("post_install", "-at_install")
class TestCoverageInForce(CoverageCommon):
    @freeze_time("2026-06-30")
    def test_it_is_future_in_force_or_ended(self):
        ended = self._cover(date_from="2025-01-01", date_to="2026-06-29")
        today = self._cover(date_from="2026-06-30", date_to="2026-06-30")
        future = self._cover(date_from="2026-07-01", date_to=False)
        coverages = ended + today + future
        self.assertEqual(coverages.mapped("status"), ["expired", "active", "future"])
        for status, expected in (("expired", ended), ("active", today), ("future", future)):
            mine = [("id", "in", coverages.ids)]
            self.assertEqual(self.env["billing.coverage"].search([*mine, ("status", "=", status)]), expected)
            self.assertEqual(
                self.env["billing.coverage"].search([*mine, ("status", "!=", status)]),
                coverages - expected,
            )

    def test_the_coverages_of_the_day_come_in_the_order_of_their_ranks(self):
        secondary = self._cover(rank="2")
        primary = self._cover()
        self._cover(rank="3", date_to="2026-05-31")
        self._cover(rank="3", date_from="2026-06-02", active=False)
        wanted = (self.ana, self.company, date(2026, 6, 1))
        self.assertEqual(self.env["billing.coverage"]._get_in_force([wanted]), {wanted: primary + secondary})

    def test_the_first_and_the_last_day_are_covered(self):
        coverage = self._cover(date_from="2026-02-01", date_to="2026-02-28")
        days = {date(2026, 1, 31): 0, date(2026, 2, 1): 1, date(2026, 2, 28): 1, date(2026, 3, 1): 0}
        found = coverage._get_in_force([(self.ana, self.company, day) for day in days])
        self.assertEqual({key[2]: len(coverages) for key, coverages in found.items()}, days)

    def test_nobody_asked_nothing_searched(self):
        with self.assertQueryCount(0):
            self.assertEqual(self.env["billing.coverage"]._get_in_force([]), {})

    def test_another_companys_coverage_is_not_in_force_here(self):
        other = self.env["res.company"].create({"name": "Second office"})
        self._cover(plan_id=self.blue.copy({"company_id": other.id}).id)
        wanted = (self.ana, self.company, date(2026, 6, 1))
        self.assertFalse(self.env["billing.coverage"]._get_in_force([wanted])[wanted])

    def test_many_visits_cost_one_search(self):
        people = self.env["res.partner"].create([{"name": f"Person {number}"} for number in range(50)])
        self.env["billing.coverage"].create(
            [self._coverage_vals(patient_id=person.id, rank=rank) for person in people for rank in "12"]
        )
        for count in (1, 50):
            wanted = [
                (person, self.company, date(2026, 1, 1 + i % 28)) for i, person in enumerate(people[:count])
            ]
            self.env.invalidate_all()
            with self.assertQueryCount(1):
                found = self.env["billing.coverage"]._get_in_force(wanted)
                self.assertEqual(
                    [coverages.mapped("rank") for coverages in found.values()], [["1", "2"]] * count
                )


@tagged("post_install", "-at_install")
class TestTwoPeopleAtOnce(BaseCase):
    """Two sessions give one person a primary coverage at the same moment; neither sees the other's yet."""

    def test_the_second_one_reads_the_first_ones_sentence(self):
        registry = Registry(get_db_name())
        with registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            payer = env["res.partner"].create({"name": "Blue Insurance", "is_payer": True})
            ana = env["res.partner"].create({"name": "Ana López"})
            plan = env["billing.insurance.plan"].create({"name": "Blue Plan", "payer_id": payer.id})
            ids = payer.id, ana.id, plan.id
        self.addCleanup(self._remove, registry, *ids)

        outcome = []
        with registry.cursor() as first:
            self._cover(first, ids, "123")
            second = Thread(target=self._cover_late, args=(registry, ids, outcome))
            second.start()
            # The second session is now inside its INSERT, waiting for our decision.
            self._wait_until_blocked(first)
        second.join(timeout=30)
        self.assertEqual(len(outcome), 1)
        self.assertIsInstance(outcome[0], ValidationError)
        self.assertIn(
            "Ana López already has Primary coverage Blue Plan (member 123) since 01/01/2026. End that one "
            "first or choose another rank.",
            str(outcome[0]),
        )

    def _cover(self, cr, ids, number):
        _payer_id, ana_id, plan_id = ids
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        env["billing.coverage"].create(
            {
                "patient_id": ana_id,
                "plan_id": plan_id,
                "member_number": number,
                "date_from": "2026-01-01",
            }
        )

    def _cover_late(self, registry, ids, outcome):
        with registry.cursor() as cr, mute_logger("odoo.sql_db"):
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            try:
                outcome.append(retrying(lambda: self._cover(cr, ids, "456"), env))
            except Exception as error:
                outcome.append(error)

    def _wait_until_blocked(self, cr):
        for _attempt in range(200):
            cr.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid' "
                "AND pg_backend_pid() = ANY(pg_blocking_pids(pid))",
            )
            if cr.fetchone()[0]:
                return
            cr.execute("SELECT pg_sleep(0.05)")
        self.fail("The second session did not wait for the first one")

    def _remove(self, registry, payer_id, ana_id, plan_id):
        with registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            env["billing.coverage"].search([("patient_id", "=", ana_id)]).unlink()
            env["billing.insurance.plan"].browse(plan_id).unlink()
            env["res.partner"].browse([payer_id, ana_id]).unlink()
