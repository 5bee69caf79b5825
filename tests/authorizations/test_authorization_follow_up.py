from odoo.tests import tagged
from odoo.tests.common import freeze_time, new_test_user

from ..common import TODAY
from .common import AuthorizationCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAuthorizationFollowUp(AuthorizationCase):
    """Authorizations that end or run out: found in time, once, and for many at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({
            "billing_authorization_days": 14, "billing_authorization_units": 1.0, "billing_authorization_percent": 20.0,
        })

    def _follow_up(self):
        """The daily run, in a session of its own."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("billing_coordinator.cron_authorizations_follow_up").method_direct_trigger()
        self.env.invalidate_all()

    def _use(self, request, units):
        encounter = self._visit(units=units)
        encounter.line_ids.authorization_line_id = request.line_ids
        self._bill(encounter)

    def _find(self, name):
        return self.env["billing.authorization"].search([(name, "=", True)])

    def test_one_past_its_last_day_expires(self):
        past, last_day = self._authorize(date_to="2026-03-15"), self._authorize(date_to="2026-03-16")
        self._follow_up()
        self.assertEqual((past.state, last_day.state), ("expired", "approved"))

    def test_a_name_with_signs_of_markup_is_read_as_it_is_written(self):
        self.patient.name = "Zoë <Smith> & <b>Co</b>"
        request = self._authorize(date_to="2026-03-20")
        self._follow_up()
        self.assertIn("Zoë &lt;Smith&gt; &amp; &lt;b&gt;Co&lt;/b&gt; ends on", request.activity_ids.note)

    def test_somebody_is_reminded_of_one_that_ends_soon(self):
        soon = self._authorize(date_to="2026-03-30")
        self._authorize(date_to="2026-03-31")
        self._authorize(date_to=False)
        self.assertEqual(self._find("is_expiring"), soon)
        self.assertTrue(soon.is_expiring)
        self._follow_up()
        activity = soon.activity_ids
        self.assertEqual((activity.summary, activity.user_id), ("Ask Blue Insurance for more", soon.user_id))
        self.assertIn(f"{soon.display_name} ends on 03/30/2026 with 10 units left.", activity.note)

    def test_where_the_owner_has_left_or_there_is_none_nobody_in_particular_is_reminded(self):
        cora = new_test_user(self.env, "cora.left", groups="billing_coordinator.group_coordinator")
        requests = self._authorize(date_to="2026-03-30", user_id=cora.id) + self._authorize(
            date_to="2026-03-30", number="B", user_id=False,
        )
        cora.active = False
        self._follow_up()
        self.assertEqual([len(request.activity_ids) for request in requests], [1, 1])
        self.assertFalse(requests.activity_ids.user_id, "a task of somebody who is gone is seen by nobody")

    def test_reminders_fill_the_list_of_activities_not_the_mailbox(self):
        cora = new_test_user(self.env, "cora.mail", groups="billing_coordinator.group_coordinator")
        request = self._authorize(date_to="2026-03-30", user_id=cora.id)
        self._follow_up()
        self.assertEqual(request.activity_ids.user_id, cora)
        self.assertFalse(self.env["mail.message"].search([
            ("notified_partner_ids", "in", cora.partner_id.ids), ("model", "=", request._name),
        ]))

    def test_one_that_ends_with_nothing_left_is_nobodys_worry(self):
        request = self._authorize(units=1.0, date_to="2026-03-30")
        self._use(request, 1.0)
        self.assertFalse(request.is_expiring or request.is_nearly_used)
        self.assertFalse(self._find("is_expiring") | self._find("is_nearly_used"))
        self._follow_up()
        self.assertFalse(request.activity_ids)

    def test_somebody_is_reminded_of_one_that_runs_out(self):
        request = self._authorize(units=10.0)
        self._use(request, 7.0)
        self.assertFalse(request.is_nearly_used)
        self._use(request, 1.0)
        self.assertTrue(request.is_nearly_used, "20 % are left")
        self.assertEqual(self._find("is_nearly_used"), request)
        self._follow_up()
        self.assertIn(f"T100: 2 of 10 units left under {request.display_name}.", request.activity_ids.note)

    def test_the_settings_decide_what_is_little(self):
        request = self._authorize(units=10.0)
        self._use(request, 6.0)
        self.assertFalse(request.is_nearly_used)
        self.company.billing_authorization_units = 4.0
        self.assertTrue(request.is_nearly_used)
        self.company.write({"billing_authorization_units": 0.0, "billing_authorization_percent": 39.0})
        self.assertFalse(request.is_nearly_used)
        self.company.billing_authorization_percent = 40.0
        self.assertTrue(request.is_nearly_used)

    def test_a_series_of_which_nothing_is_used_is_not_running_out(self):
        self.company.billing_authorization_percent = 100.0
        self.assertFalse(self._authorize().is_nearly_used)

    def test_a_second_run_changes_nothing_even_after_the_task_was_done(self):
        request = self._authorize(units=10.0, date_to="2026-03-30")
        self._use(request, 9.0)
        self._follow_up()
        self.assertEqual(len(request.activity_ids), 1, "one reminder for both")
        self._follow_up()
        self.assertEqual(len(request.activity_ids), 1)
        request.activity_ids.action_feedback()
        self._follow_up()
        self.assertFalse(request.activity_ids)

    def test_a_new_last_day_or_units_given_back_are_worth_another_reminder(self):
        request = self._authorize(units=10.0, date_to="2026-03-30")
        self._use(request, 9.0)
        self._follow_up()
        request.activity_ids.action_feedback()
        self._use(request, 1.0)
        self._follow_up()
        self.assertFalse(request.activity_ids, "still the same matter")
        visits = request.line_ids.encounter_line_ids.encounter_id
        visits.action_unbill()
        self._follow_up()
        self.assertFalse(request.activity_ids, "nothing is used any more")
        visits[:1]._bill()
        request.date_to = "2026-03-20"
        self._follow_up()
        self.assertIn("ends on 03/20/2026 with", request.activity_ids.note)
        request.activity_ids.action_feedback()
        visits[1:]._bill()
        self._follow_up()
        self.assertIn("T100: 0 of 10 units left", request.activity_ids.note)

    def test_denied_and_cancelled_ones_are_left_alone(self):
        request = self._authorize(date_to="2026-03-20")
        request.action_cancel()
        self._authorize(date_to="2026-03-20", approve=False)
        self.assertFalse(self._find("is_expiring"))

    def test_the_cards_of_today_count_them(self):
        self._authorize(approve=False)
        self._authorize(date_to="2026-03-20")
        self._use(self._authorize(units=4.0, number="B"), 4.0)
        counts = {
            code: self.env.ref(f"billing_coordinator.worklist_authorizations_{code}").record_count
            for code in ("to_send", "to_chase", "expiring", "nearly_used")
        }
        self.assertEqual(counts, {"to_send": 0, "to_chase": 1, "expiring": 1, "nearly_used": 1})
        for code, count in counts.items():
            action = self.env.ref(f"billing_coordinator.worklist_authorizations_{code}").action_open()
            self.assertEqual(self.env["billing.authorization"].search_count(action["domain"]), count)


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestAuthorizationQueries(AuthorizationCase):
    """Lists, proposals and the daily run take a number of queries that does not grow with the rows."""

    def _count(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _assert_steady(self, few, many, most=None):
        self._count(few)
        first, second = self._count(few), self._count(many)
        self.assertEqual(first, second)
        if most:
            self.assertLess(second, most)

    def test_proposing_for_the_lines_of_many_visits(self):
        self._authorize(units=100.0)
        visits = self.env["billing.encounter"].concat(*(self._visit() for _number in range(30)))
        lines = self.env["billing.encounter.line"].browse(visits.line_ids.ids)
        self._assert_steady(lines[:2]._propose_authorizations, lines._propose_authorizations, most=16)
        self.assertEqual(len(lines._propose_authorizations()), 30)

    def test_what_visits_lack(self):
        visits = self.env["billing.encounter"].concat(*(self._visit() for _number in range(30)))
        names = ("authorization_notice", "has_authorizations", "authorization_policy", "authorization_request_id")
        self._assert_steady(lambda: visits[:2].read(names), lambda: visits.read(names))

    def test_a_list_of_authorizations(self):
        requests = self.env["billing.authorization"].concat(*(self._authorize() for _number in range(30)))
        names = (
            "display_name", "services", "units_approved", "units_used", "units_left", "is_nearly_used", "is_expiring",
            "encounter_count",
        )
        self._assert_steady(lambda: requests[:2].read(names), lambda: requests.read(names), most=16)

    def test_the_cards_of_today(self):
        cards = self.env["billing.worklist"].search([("code", "like", "authorizations_")])
        self._authorize(date_to="2026-03-20")
        self._count(lambda: cards.mapped("record_count"))
        few = self._count(lambda: cards.mapped("record_count"))
        for _number in range(20):
            self._authorize(date_to="2026-03-20")
        self.assertEqual(few, self._count(lambda: cards.mapped("record_count")))

    def test_checking_and_locking_when_many_visits_are_billed(self):
        self._authorize(units=500.0)
        batches = []
        for size in (2, 5, 20):
            visits = self.env["billing.encounter"].concat(*(self._visit() for _number in range(size)))
            visits.action_ready()
            batches.append(visits)

        def check(visits):
            services = visits._get_authorized_services()
            services.authorization_line_id._lock_for_billing()
            services._check_units_left()
            for service in services:
                service._check_authorization()

        _warm_up, five, twenty = [self._count(lambda batch=batch: check(batch)) for batch in batches]
        self.assertEqual(five, twenty)

    def test_finding_whom_to_remind(self):
        model = self.env["billing.authorization"]
        self._authorize(date_to="2026-03-20")
        few = self._count(lambda: model.search(model._get_reminder_domain()).mapped("is_expiring"))
        few = self._count(lambda: model.search(model._get_reminder_domain()).mapped("is_expiring"))
        for _number in range(20):
            self._authorize(date_to="2026-03-20")
        self.assertEqual(few, self._count(lambda: model.search(model._get_reminder_domain()).mapped("is_expiring")))

    def test_reminding_of_many_takes_no_more_than_reminding_of_few(self):
        cora = new_test_user(self.env, "cora.queries", groups="billing_coordinator.group_coordinator")

        def remind(count):
            requests = self.env["billing.authorization"].concat(*(
                self._authorize(date_to="2026-03-20", user_id=cora.id) for _number in range(count)
            ))
            queries = self._count(requests._remind)
            self.assertEqual(len(requests.activity_ids), count)
            return queries

        remind(2)
        self.assertEqual(remind(2), remind(20))
