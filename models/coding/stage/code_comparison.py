from odoo.tools import SQL

from .base import CHANGED, HEADINGS, NEW, PLAN, ROWS, SAME, VERSION, Stage


class CodeComparison(Stage):
    """Codes: what a new edition says of a list.

    A row belongs to the version of its code whose dates overlap with the row's; the one from the same day before
    others. New words mend that version. A code that turns from billable into a heading, or back, becomes a second
    version, so that services of before keep what counted for them. Codes that a complete edition does not name any
    more end on the day before it; none is deleted.
    """

    model = "billing.code"
    columns = (
        ("system_id", "integer"), ("code", "varchar"), ("kind", "varchar"), ("name", "varchar"),
        ("description", "varchar"), ("is_billable", "boolean"), ("parent", "varchar"), ("is_top", "boolean"),
        ("date_from", "date"), ("date_to", "date"),
    )
    key = SQL("system_id, kind, upper(code), date_from")

    def __init__(self, job):
        super().__init__(job)
        self.says_parent = False
        # Whether new records take something over from known ones.
        self.has_forerunners = False

    def values(self, row):
        kind = row.kind or self.job.kind
        system = self.job.systems.get(kind, self.job.system).id
        if row.parent is not None:
            self.says_parent = True
        return (
            system, row.code, kind, row.name, row.description, row.is_billable, row.parent,
            # Nothing and “none” look the same to the database.
            row.parent == "", row.date_from, row.date_to,
        )

    def fill(self, rows):
        super().fill(rows)
        if self.says_parent:
            with self.whole_sets():
                self.find_circles()
                self.find_orphans()

    def find_circles(self):
        """Rows that would stand under themselves. Of such a circle some code is not longer than the one below it, which
        published lists never have: only where there is one all the way up is looked at."""
        suspect = SQL("length(s.parent) >= length(s.code)")
        [[found]] = self.env.execute_query(SQL("SELECT EXISTS (SELECT FROM %s s WHERE %s)", ROWS, suspect))
        if not found:
            return
        self.take_out(SQL(
            """
            WITH RECURSIVE under AS (
                SELECT s.system_id, s.kind, upper(s.code) AS code, upper(s.parent) AS parent FROM %(rows)s s
                 WHERE s.parent IS NOT NULL
                 UNION ALL
                SELECT c.system_id, c.kind, upper(c.code), upper(heading.code) FROM billing_code c
                  JOIN billing_code heading ON heading.id = c.parent_id
                 WHERE %(of_lists)s AND NOT EXISTS (
                    SELECT FROM %(rows)s s WHERE s.system_id = c.system_id AND s.kind = c.kind
                       AND upper(s.code) = upper(c.code) AND (s.parent IS NOT NULL OR s.is_top))
            ), climb AS (
                SELECT s.n, s.line, s.code, s.parent, s.system_id, s.kind, upper(s.parent) AS above FROM %(rows)s s
                 WHERE %(suspect)s
                 UNION
                SELECT c.n, c.line, c.code, c.parent, c.system_id, c.kind, u.parent FROM climb c
                  JOIN under u ON u.system_id = c.system_id AND u.kind = c.kind AND u.code = c.above
                 WHERE c.above <> upper(c.code)
            )
            SELECT n, line, code, parent FROM climb WHERE above = upper(code) ORDER BY n
            """,
            rows=ROWS, of_lists=self.of_lists, suspect=suspect,
        ), "circle", lambda code, parent: {"code": code, "parent": parent})

    def find_orphans(self):
        """Rows under a heading that neither the file nor the list knows."""
        self.take_out(SQL(
            "SELECT s.n, s.line, s.code, s.parent FROM %(rows)s s WHERE s.parent IS NOT NULL"
            " AND NOT EXISTS (SELECT FROM %(rows)s p WHERE p.code = s.parent AND p.system_id = s.system_id)"
            " AND NOT EXISTS (SELECT FROM billing_code p WHERE upper(p.code) = upper(s.parent)"
            " AND p.system_id = s.system_id AND p.kind = s.kind)",
            rows=ROWS,
        ), "parent", lambda code, parent: {"code": code, "parent": parent})

    # === COMPARING === #

    def compare(self):
        counts = super().compare()
        if self.says_parent:
            self.find_headings()
        [[self.has_forerunners]] = self.env.execute_query(SQL(
            "SELECT EXISTS (SELECT FROM %s WHERE action IN (%s, %s) AND match_id IS NOT NULL)", PLAN, NEW, VERSION,
        ))
        return counts

    def find_headings(self):
        """Write down which codes stand over others: from the file, else from the list as it is."""
        self.execute(SQL(
            "CREATE TEMPORARY TABLE %(headings)s AS SELECT n, code, system_id, kind, new_id IS NOT NULL AS is_new,"
            " COALESCE(new_id, match_id) AS id FROM %(plan)s WHERE code IN (SELECT parent FROM %(plan)s)",
            headings=HEADINGS, plan=PLAN,
        ))
        with self.whole_sets():
            self.execute(SQL(
                "INSERT INTO %(headings)s SELECT 0, p.parent, p.system_id, p.kind, FALSE, max(c.id) FROM %(plan)s p"
                " JOIN billing_code c ON upper(c.code) = upper(p.parent) AND c.system_id = p.system_id"
                " AND c.kind = p.kind WHERE p.parent <> '' AND p.parent NOT IN (SELECT code FROM %(headings)s)"
                " GROUP BY p.parent, p.system_id, p.kind",
                headings=HEADINGS, plan=PLAN,
            ))
        self.execute(SQL("ANALYZE %s", HEADINGS))

    def plan(self):
        return SQL(
            """
            WITH overlapping AS (
                SELECT DISTINCT ON (s.n) s.n, c.id, c.date_from IS NOT DISTINCT FROM s.date_from AS exact
                  FROM %(rows)s s
                  JOIN billing_code c
                    ON c.system_id = s.system_id AND upper(c.code) = upper(s.code) AND c.kind = s.kind
                   AND COALESCE(c.date_from, '-infinity') <= COALESCE(s.date_to, 'infinity')
                   AND COALESCE(c.date_to, 'infinity')
                       >= COALESCE(s.date_from, %(start)s - 1, '-infinity'::date)
              ORDER BY s.n, exact DESC, COALESCE(c.date_from, '-infinity')
                       <= COALESCE(s.date_from, %(start)s, 'infinity'::date) DESC, c.active DESC, c.date_from DESC
            ), matched AS (
                SELECT n, id, row_number() OVER (PARTITION BY id ORDER BY exact DESC, n) AS number FROM overlapping
            ), decided AS (
                SELECT s.*, c.id AS match_id,
                       CASE WHEN c.id IS NULL THEN %(new)s
                            WHEN %(turns)s AND c.date_from > %(start)s THEN %(new)s
                            WHEN %(turns)s AND COALESCE(c.date_from, '-infinity') < %(start)s THEN %(version)s
                            WHEN %(differs)s THEN %(changed)s
                            ELSE %(same)s END AS action,
                       CASE WHEN %(turns)s AND c.date_from > %(start)s THEN c.date_from - 1 END AS next_from
                  FROM %(rows)s s
             LEFT JOIN matched ON matched.n = s.n AND matched.number = 1
             LEFT JOIN billing_code c ON c.id = matched.id
             LEFT JOIN billing_code heading ON heading.id = c.parent_id
            )
            SELECT *, %(new_id)s AS new_id FROM decided
            """,
            rows=ROWS, start=self.job.start, new=NEW, version=VERSION, changed=CHANGED, same=SAME,
            turns=SQL("(s.date_from IS NULL AND s.is_billable <> c.is_billable)"),
            differs=self.differs(),
            new_id=self.new_id(SQL("action IN (%s, %s)", NEW, VERSION)),
        )

    def differs(self):
        """Whether a row says something else than the record that it belongs to."""
        job = self.job
        return SQL(
            """(
                s.name <> COALESCE(c.name ->> %(lang)s, '') OR s.description <> COALESCE(c.description ->> %(lang)s, '')
                OR s.is_billable <> c.is_billable
                OR (s.date_from IS NOT NULL AND (s.date_from, s.date_to) IS DISTINCT FROM (c.date_from, c.date_to))
                OR (s.date_from IS NULL AND (s.date_to <> COALESCE(c.date_to, 'infinity')
                    OR c.date_from > %(start)s OR (s.date_to IS NULL AND c.date_to = %(start)s - 1)))
                OR (NOT c.active AND c.edition IS NOT NULL AND c.date_from >= %(start)s)
                OR (%(says_parent)s AND (s.parent IS NOT NULL OR s.is_top)
                    AND COALESCE(upper(heading.code), '') <> COALESCE(upper(s.parent), ''))
            )""",
            lang=job.lang, start=job.start, says_parent=self.says_parent,
        )

    def ending(self):
        job = self.job
        if not job.is_complete or not job.date_from or self.later_edition():
            return None
        # Modifiers come from several publishers: a list of one says nothing of those that others brought.
        return SQL(
            """
            %(valid)s AND %(unnamed)s AND (c.kind <> 'modifier' OR c.edition IS NOT NULL) %(billable)s
            """,
            valid=self.valid(), unnamed=self.unnamed,
            billable=SQL("AND c.is_billable" if job.format.covers == "billable" else ""),
        )

    def valid(self):
        return SQL(
            "c.active AND (c.system_id, c.kind) IN (SELECT DISTINCT system_id, kind FROM %(plan)s)"
            " AND COALESCE(c.date_from, '-infinity') <= %(start)s AND COALESCE(c.date_to, 'infinity') >= %(start)s",
            plan=PLAN, start=self.job.start,
        )

    def later_edition(self):
        """The first day of the next edition that was loaded before this one; None when this is the latest."""
        start, system = self.job.date_from, self.job.system
        if not start or not (system.edition_date and system.edition_date > start):
            return None
        [[day]] = self.env.execute_query(SQL(
            "SELECT min(date_from) FROM billing_code_import WHERE system_id = %s AND state = 'done'"
            " AND date_from > %s AND is_complete",
            system.id, start,
        ))
        return day or system.edition_date

    def sample(self, actions, limit):
        return SQL(
            "SELECT p.line, p.code, COALESCE(p.name, p.description), c.name ->> 'en_US' FROM %s p"
            " LEFT JOIN billing_code c ON c.id = p.match_id WHERE p.action = ANY(%s) ORDER BY p.n LIMIT %s",
            PLAN, actions, limit,
        )

    def sample_ending(self, condition, limit):
        return SQL(
            "SELECT c.code, c.name ->> 'en_US', NULL FROM billing_code c WHERE %s ORDER BY c.code, c.id LIMIT %s",
            condition, limit,
        )
