from odoo.tools import SQL

from .base import CHANGED, NEW, PLAN, ROWS, SAME, VERSION, Stage


class CeilingStage(Stage):
    """Unit limits: the file has no dates, so another number is a second version from the edition's first day.

    Limits that a complete edition does not name any more end on the day before it.
    """

    model = "billing.code.ceiling"
    columns = (("code", "varchar"), ("units", "integer"), ("per", "varchar"), ("reason", "varchar"))
    key = SQL("code")

    def values(self, row):
        return (row.code, row.units, row.per, row.reason)

    def plan(self):
        return SQL(
            """
            WITH matched AS (
                SELECT DISTINCT ON (s.n) s.n, c.id
                  FROM %(rows)s s
                  JOIN billing_code_ceiling c
                    ON c.system_id = %(system)s AND c.setting = %(setting)s AND c.code = s.code
                   AND COALESCE(c.date_to, 'infinity') >= COALESCE(%(start)s - 1, '-infinity'::date)
                   AND COALESCE(c.date_from, '-infinity') <= COALESCE(%(start)s, 'infinity'::date)
              ORDER BY s.n, c.date_from DESC NULLS LAST
            ), decided AS (
                SELECT s.*, c.id AS match_id,
                       CASE WHEN c.id IS NULL THEN %(new)s
                            WHEN (s.units, s.per) <> (c.units, c.per)
                                 AND COALESCE(c.date_from, '-infinity') < %(start)s THEN %(version)s
                            WHEN (s.units, s.per, s.reason) IS DISTINCT FROM (c.units, c.per, c.reason)
                                 OR c.date_to = %(start)s - 1 THEN %(changed)s
                            ELSE %(same)s END AS action
                  FROM %(rows)s s LEFT JOIN matched ON matched.n = s.n
             LEFT JOIN billing_code_ceiling c ON c.id = matched.id
            )
            SELECT *, %(new_id)s AS new_id FROM decided
            """,
            rows=ROWS, new=NEW, changed=CHANGED, version=VERSION, same=SAME, system=self.job.system.id,
            setting=self.job.setting, start=self.job.start,
            new_id=self.new_id(SQL("action IN (%s, %s)", NEW, VERSION)),
        )

    def ending(self):
        job = self.job
        if not job.is_complete or not job.date_from or self.has_later():
            return None
        return SQL(
            """
            %(valid)s AND c.edition IS NOT NULL AND COALESCE(c.date_from, '-infinity') < %(start)s
            AND %(unnamed)s
            """,
            valid=self.valid(), start=job.start, unnamed=self.unnamed,
        )

    def valid(self):
        return SQL(
            "c.system_id = %(system)s AND c.setting = %(setting)s AND COALESCE(c.date_from, '-infinity') <= %(start)s"
            " AND COALESCE(c.date_to, 'infinity') >= %(start)s",
            system=self.job.system.id, setting=self.job.setting, start=self.job.start,
        )

    def has_later(self):
        """Whether a later edition is loaded: then this one ends nothing."""
        [[later]] = self.env.execute_query(SQL(
            "SELECT EXISTS (SELECT FROM billing_code_ceiling c WHERE c.system_id = %s AND c.setting = %s"
            " AND c.edition IS NOT NULL AND c.date_from > %s)",
            self.job.system.id, self.job.setting, self.job.start,
        ))
        return later

    def sample(self, actions, limit):
        return SQL(
            "SELECT p.line, p.code, p.units || ' / ' || p.per, c.units || ' / ' || c.per FROM %s p"
            " LEFT JOIN billing_code_ceiling c ON c.id = p.match_id WHERE p.action = ANY(%s) ORDER BY p.n LIMIT %s",
            PLAN, actions, limit,
        )

    def sample_ending(self, condition, limit):
        return SQL(
            "SELECT c.code, c.units || ' / ' || c.per, NULL FROM billing_code_ceiling c WHERE %s"
            " ORDER BY c.code LIMIT %s", condition, limit,
        )

    def create(self, first, last):
        job = self.job
        versions = self.execute(SQL(
            "UPDATE billing_code_ceiling c SET date_to = %s - 1, (write_uid, write_date) = ROW(%s) FROM %s p"
            " WHERE c.id = p.match_id AND p.action = %s AND p.n BETWEEN %s AND %s",
            job.start, job.stamp, PLAN, VERSION, first, last,
        ))
        count = self.execute(SQL(
            """
            INSERT INTO billing_code_ceiling (
                id, system_id, code, setting, units, per, date_from, date_to, reason, edition, create_uid, create_date,
                write_uid, write_date
            )
            SELECT p.new_id, %(system)s, p.code, %(setting)s, p.units, p.per, %(start)s,
                   (SELECT min(c.date_from) - 1 FROM billing_code_ceiling c WHERE c.system_id = %(system)s
                       AND c.setting = %(setting)s AND c.code = p.code AND c.date_from > %(start)s),
                   p.reason, %(edition)s, %(stamp)s, %(stamp)s
              FROM %(plan)s p WHERE p.action IN (%(new)s, %(version)s) AND p.n BETWEEN %(first)s AND %(last)s
            """,
            system=job.system.id, setting=job.setting, start=job.start, edition=job.edition, stamp=job.stamp,
            plan=PLAN, new=NEW, version=VERSION, first=first, last=last,
        ))
        return count - versions, versions

    def change(self, first, last):
        return self.execute(SQL(
            "UPDATE billing_code_ceiling c SET units = p.units, per = p.per, reason = p.reason, edition = %s,"
            " date_to = CASE WHEN c.date_to = %s - 1 THEN NULL ELSE c.date_to END,"
            " (write_uid, write_date) = ROW(%s) FROM %s p"
            " WHERE c.id = p.match_id AND p.action = %s AND p.n BETWEEN %s AND %s",
            self.job.edition, self.job.start, self.job.stamp, PLAN, CHANGED, first, last,
        ))

    def end(self):
        condition = self.ending()
        if condition is None:
            return 0
        return self.execute(SQL(
            "UPDATE billing_code_ceiling c SET date_to = %s - 1, (write_uid, write_date) = ROW(%s) WHERE %s",
            self.job.start, self.job.stamp, condition,
        ))
