from odoo.tools import SQL

from .base import CHANGED, NEW, PLAN, ROWS, SAME, Stage


class PairStage(Stage):
    """Pairs: a pair is known by its codes, its setting and its first day; its end and its reason may change.

    The published list says itself when a pair ends, and comes in parts: what a file does not name goes on.
    """

    model = "billing.code.pair"
    columns = (
        ("code_1", "varchar"), ("code_2", "varchar"), ("date_from", "date"), ("date_to", "date"),
        ("modifier_allowed", "boolean"), ("reason", "varchar"),
    )
    key = SQL("code_1, code_2, date_from")
    named_by = SQL("code_1 || ' / ' || code_2")

    def values(self, row):
        return (row.code_1, row.code_2, row.date_from, row.date_to, row.modifier_allowed, row.reason)

    def plan(self):
        return SQL(
            """
            WITH decided AS (
                SELECT s.*, c.id AS match_id,
                       CASE WHEN c.id IS NULL THEN %(new)s
                            WHEN (s.date_to, s.modifier_allowed, s.reason)
                                 IS DISTINCT FROM (c.date_to, c.modifier_allowed, c.reason) THEN %(changed)s
                            ELSE %(same)s END AS action
                  FROM %(rows)s s
             LEFT JOIN billing_code_pair c
                    ON c.system_id = %(system)s AND c.setting = %(setting)s AND c.code_1 = s.code_1
                   AND c.code_2 = s.code_2 AND c.date_from IS NOT DISTINCT FROM s.date_from
            )
            SELECT *, %(new_id)s AS new_id FROM decided
            """,
            rows=ROWS, new=NEW, changed=CHANGED, same=SAME, system=self.job.system.id, setting=self.job.setting,
            new_id=self.new_id(SQL("action = %s", NEW)),
        )

    def sample(self, actions, limit):
        return SQL(
            "SELECT p.line, p.code_1 || ' / ' || p.code_2, p.reason, c.date_to::text FROM %s p"
            " LEFT JOIN billing_code_pair c ON c.id = p.match_id WHERE p.action = ANY(%s) ORDER BY p.n LIMIT %s",
            PLAN, actions, limit,
        )

    def create(self, first, last):
        count = self.execute(SQL(
            """
            INSERT INTO billing_code_pair (
                id, system_id, code_1, code_2, setting, date_from, date_to, modifier_allowed, reason, create_uid,
                create_date, write_uid, write_date
            )
            SELECT p.new_id, %(system)s, p.code_1, p.code_2, %(setting)s, p.date_from, p.date_to, p.modifier_allowed,
                   p.reason, %(stamp)s, %(stamp)s
              FROM %(plan)s p WHERE p.action = %(new)s AND p.n BETWEEN %(first)s AND %(last)s
            """,
            system=self.job.system.id, setting=self.job.setting, stamp=self.job.stamp, plan=PLAN, new=NEW,
            first=first, last=last,
        ))
        return count, 0

    def change(self, first, last):
        return self.execute(SQL(
            "UPDATE billing_code_pair c SET date_to = p.date_to, modifier_allowed = p.modifier_allowed,"
            " reason = p.reason, (write_uid, write_date) = ROW(%s) FROM %s p"
            " WHERE c.id = p.match_id AND p.action = %s AND p.n BETWEEN %s AND %s",
            self.job.stamp, PLAN, CHANGED, first, last,
        ))
