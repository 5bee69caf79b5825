from odoo.tools import SQL

from .base import CHANGED, NEW, PLAN, ROWS, SAME, Stage

FLAGS = SQL("is_approximate, is_no_map, is_combination")


class CrosswalkStage(Stage):
    """Crosswalks: lines have no dates; those that a complete edition does not name any more are archived."""

    model = "billing.code.crosswalk"
    columns = (
        ("code_from", "varchar"), ("code_to", "varchar"), ("is_approximate", "boolean"), ("is_no_map", "boolean"),
        ("is_combination", "boolean"), ("scenario", "integer"), ("choice", "integer"),
    )
    key = SQL("code_from, code_to, scenario, choice")
    named_by = SQL("code_from || ' → ' || COALESCE(code_to, '∅')")

    def values(self, row):
        return tuple(row[1:])

    @property
    def of_lists(self):
        """From which list to which one."""
        systems = self.job.systems
        return SQL(
            "c.system_from_id = %s AND c.system_to_id = %s",
            systems.get("from", self.job.system).id, systems.get("to", self.job.system).id,
        )

    def plan(self):
        return SQL(
            """
            WITH decided AS (
                SELECT s.*, c.id AS match_id,
                       CASE WHEN c.id IS NULL THEN %(new)s
                            WHEN NOT c.active OR (s.is_approximate, s.is_no_map, s.is_combination) IS DISTINCT FROM
                                 (c.is_approximate, c.is_no_map, c.is_combination) THEN %(changed)s
                            ELSE %(same)s END AS action
                  FROM %(rows)s s
             LEFT JOIN billing_code_crosswalk c
                    ON %(lists)s AND c.code_from = s.code_from AND c.code_to IS NOT DISTINCT FROM s.code_to
                   AND c.scenario = s.scenario AND c.choice = s.choice
            )
            SELECT *, %(new_id)s AS new_id FROM decided
            """,
            rows=ROWS, new=NEW, changed=CHANGED, same=SAME, lists=self.of_lists,
            new_id=self.new_id(SQL("action = %s", NEW)),
        )

    def valid(self):
        return SQL("c.active AND %s", self.of_lists)

    def ending(self):
        if not self.job.is_complete:
            return None
        return SQL(
            "%s AND c.edition IS NOT NULL AND %s", self.valid(), self.unnamed,
        )

    def sample(self, actions, limit):
        return SQL(
            "SELECT p.line, p.code_from, COALESCE(p.code_to, '∅'), NULL FROM %s p WHERE p.action = ANY(%s)"
            " ORDER BY p.n LIMIT %s", PLAN, actions, limit,
        )

    def sample_ending(self, condition, limit):
        return SQL(
            "SELECT c.code_from, COALESCE(c.code_to, '∅'), NULL FROM billing_code_crosswalk c WHERE %s"
            " ORDER BY c.code_from LIMIT %s", condition, limit,
        )

    def create(self, first, last):
        systems = self.job.systems
        count = self.execute(SQL(
            """
            INSERT INTO billing_code_crosswalk (
                id, system_from_id, code_from, system_to_id, code_to, %(flags)s, scenario, choice, edition, active,
                create_uid, create_date, write_uid, write_date
            )
            SELECT p.new_id, %(system_from)s, p.code_from, %(system_to)s, p.code_to, %(flags)s, p.scenario, p.choice,
                   %(edition)s, TRUE, %(stamp)s, %(stamp)s
              FROM %(plan)s p WHERE p.action = %(new)s AND p.n BETWEEN %(first)s AND %(last)s
            """,
            flags=FLAGS, system_from=systems.get("from", self.job.system).id,
            system_to=systems.get("to", self.job.system).id, edition=self.job.edition, stamp=self.job.stamp,
            plan=PLAN, new=NEW, first=first, last=last,
        ))
        return count, 0

    def change(self, first, last):
        return self.execute(SQL(
            "UPDATE billing_code_crosswalk c SET (%s) = ROW(p.is_approximate, p.is_no_map, p.is_combination),"
            " active = TRUE, edition = %s, (write_uid, write_date) = ROW(%s) FROM %s p"
            " WHERE c.id = p.match_id AND p.action = %s AND p.n BETWEEN %s AND %s",
            FLAGS, self.job.edition, self.job.stamp, PLAN, CHANGED, first, last,
        ))

    def end(self):
        condition = self.ending()
        if condition is None:
            return 0
        return self.execute(SQL(
            "UPDATE billing_code_crosswalk c SET active = FALSE, (write_uid, write_date) = ROW(%s) WHERE %s",
            self.job.stamp, condition,
        ))
