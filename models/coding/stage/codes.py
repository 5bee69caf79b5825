from datetime import timedelta

from odoo.tools import SQL

from .base import CHANGED, NEW, PLAN, ROWS, SAME, VERSION, Stage


class CodeStage(Stage):
    """Codes: what a new edition does to a list.

    A row belongs to the version of its code whose dates overlap with the row's; the one from the same day before
    others. New words mend that version. A code that turns from billable into a heading, or back, becomes a second
    version, so that services of before keep what counted for them. Codes that a complete edition does not name any
    more end on the day before it; none is deleted.
    """

    model = "billing.code"
    columns = (
        ("system_id", "integer"), ("code", "varchar"), ("kind", "varchar"), ("name", "varchar"),
        ("description", "varchar"), ("is_billable", "boolean"), ("parent", "varchar"), ("date_from", "date"),
        ("date_to", "date"),
    )
    key = ("system_id", "kind", "upper(code)", "date_from")

    def __init__(self, job):
        super().__init__(job)
        self.says_parent = False

    def values(self, row):
        kind = row.kind or self.job.kind
        system = self.job.systems.get(kind, self.job.system).id
        if row.parent is not None:
            self.says_parent = True
        return (
            system, row.code, kind, row.name, row.description, row.is_billable, row.parent, row.date_from, row.date_to,
        )

    def fill(self, rows):
        super().fill(rows)
        if self.says_parent:
            with self.whole_sets():
                self.find_orphans()

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
                OR (%(says_parent)s AND COALESCE(upper(heading.code), '') <> COALESCE(upper(s.parent), ''))
            )""",
            lang=job.lang, start=job.start, says_parent=self.says_parent,
        )

    def ending(self):
        job = self.job
        if not job.is_complete or not job.date_from or self.later_edition():
            return None
        return SQL(
            """
            c.active AND (c.system_id, c.kind) IN (SELECT DISTINCT system_id, kind FROM %(plan)s)
            AND COALESCE(c.date_from, '-infinity') <= %(start)s AND COALESCE(c.date_to, 'infinity') >= %(start)s
            AND %(unnamed)s
            AND (c.kind <> 'modifier' OR c.edition IS NOT NULL) %(billable)s
            """,
            plan=PLAN, start=job.start, unnamed=self.unnamed,
            # Modifiers come from several publishers: a list of one says nothing of those that others brought.
            billable=SQL("AND c.is_billable" if job.format.covers == "billable" else ""),
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

    # === APPLYING === #

    def create(self, first, last):
        job = self.job
        later = self.later_edition()
        self.close_versions(first, last)
        count = self.execute(SQL(
            """
            INSERT INTO billing_code (
                id, system_id, code, kind, name, description, is_billable, parent_id, edition, date_from, date_to,
                active, create_uid, create_date, write_uid, write_date
            )
            SELECT p.new_id, p.system_id, p.code, p.kind,
                   COALESCE(c.name, '{}') || %(name)s, CASE WHEN %(says)s THEN COALESCE(c.description, '{}')
                   || %(description)s ELSE c.description END,
                   COALESCE(p.is_billable, c.is_billable, TRUE), %(parent)s, %(edition)s,
                   COALESCE(p.date_from, %(start)s),
                   COALESCE(p.date_to, CASE WHEN p.date_from IS NULL THEN COALESCE(p.next_from, %(until)s::date) END),
                   TRUE, %(stamp)s, %(stamp)s
              FROM %(plan)s p LEFT JOIN billing_code c ON c.id = p.match_id
             WHERE p.action IN (%(new)s, %(version)s) AND p.n BETWEEN %(first)s AND %(last)s
            """,
            name=self.texts(SQL("COALESCE(p.name, CASE WHEN c.id IS NULL THEN p.description END)"), SQL("c.name")),
            description=self.texts(SQL("p.description"), SQL("c.description")), says=SQL("p.description IS NOT NULL"),
            parent=self.parent(SQL("c.parent_id"), last), edition=job.edition, start=job.start,
            until=later and later - timedelta(days=1), stamp=job.stamp, plan=PLAN, new=NEW, version=VERSION,
            first=first, last=last,
        ))
        versions = self.follow_versions(first, last)
        return count - versions, versions

    def close_versions(self, first, last):
        """What was billable until now, or a heading, ends on the day before."""
        self.execute(SQL(
            "UPDATE billing_code c SET date_to = %s - 1, (write_uid, write_date) = ROW(%s) FROM %s p"
            " WHERE c.id = p.match_id AND p.action = %s AND p.n BETWEEN %s AND %s",
            self.job.start, self.job.stamp, PLAN, VERSION, first, last,
        ))

    def follow_versions(self, first, last):
        """Favourites and codes below go over to the new version; gives how many there are."""
        among = SQL("p.action = %s AND p.n BETWEEN %s AND %s", VERSION, first, last)
        [[count]] = self.env.execute_query(SQL("SELECT count(*) FROM %s p WHERE %s", PLAN, among))
        if count:
            self.execute(SQL(
                "INSERT INTO billing_code_favourite_rel (code_id, user_id) SELECT p.new_id, f.user_id FROM %s p"
                " JOIN billing_code_favourite_rel f ON f.code_id = p.match_id WHERE %s ON CONFLICT DO NOTHING",
                PLAN, among,
            ))
            self.execute(SQL(
                "UPDATE billing_code c SET parent_id = p.new_id FROM %s p WHERE c.parent_id = p.match_id"
                " AND c.date_to IS NULL AND %s", PLAN, among,
            ))
        return count

    def change(self, first, last):
        job = self.job
        return self.execute(SQL(
            """
            UPDATE billing_code c
               SET name = CASE WHEN p.name IS NULL THEN c.name ELSE c.name || %(name)s END,
                   description = CASE WHEN p.description IS NULL THEN c.description
                                      ELSE COALESCE(c.description, '{}') || %(description)s END,
                   is_billable = COALESCE(p.is_billable, c.is_billable),
                   parent_id = %(parent)s,
                   date_from = CASE WHEN p.date_from IS NOT NULL THEN p.date_from
                                    WHEN c.date_from > %(start)s THEN %(start)s ELSE c.date_from END,
                   date_to = CASE WHEN p.date_from IS NOT NULL OR p.date_to IS NOT NULL THEN p.date_to
                                  WHEN c.date_to = %(start)s - 1 THEN NULL ELSE c.date_to END,
                   active = c.active OR (c.edition IS NOT NULL AND c.date_from >= %(start)s) IS TRUE,
                   edition = %(edition)s, (write_uid, write_date) = ROW(%(stamp)s)
              FROM %(plan)s p
             WHERE c.id = p.match_id AND p.action = %(changed)s AND p.n BETWEEN %(first)s AND %(last)s
            """,
            name=self.texts(SQL("p.name"), SQL("c.name")),
            description=self.texts(SQL("p.description"), SQL("c.description")),
            parent=self.parent(SQL("c.parent_id"), last), start=job.start, edition=job.edition, stamp=job.stamp,
            plan=PLAN, changed=CHANGED, first=first, last=last,
        ))

    def texts(self, value, known):
        """A text in the language of the file, as the ORM keeps it; a first text stands in English, too."""
        return SQL(
            "CASE WHEN %(value)s IS NULL THEN '{}' WHEN %(known)s IS NULL"
            " THEN jsonb_build_object('en_US', %(value)s, %(lang)s::text, %(value)s)"
            " ELSE jsonb_build_object(%(lang)s::text, %(value)s) END",
            value=value, known=known, lang=self.job.lang,
        )

    def parent(self, known, last):
        """The heading of row ``p``: in this file as far as it is loaded, else on file; ``known`` when it says none."""
        if not self.says_parent:
            return known
        return SQL(
            "COALESCE((SELECT max(COALESCE(q.new_id, q.match_id)) FROM %(plan)s q WHERE q.code = p.parent"
            " AND q.system_id = p.system_id AND q.kind = p.kind AND (q.n <= %(last)s OR q.new_id IS NULL)),"
            " CASE WHEN p.parent IS NOT NULL THEN (SELECT max(q.id) FROM billing_code q WHERE upper(q.code) ="
            " upper(p.parent) AND q.system_id = p.system_id AND q.kind = p.kind) END)",
            plan=PLAN, last=last,
        )

    def compare(self):
        counts = super().compare()
        if self.says_parent:
            self.execute(SQL("CREATE INDEX ON %s (code, system_id)", PLAN))
        return counts

    def end(self):
        """End what is not named any more. What would have counted from the same day never did: it is archived."""
        self.link_late()
        condition = self.ending()
        if condition is None:
            return 0
        return self.execute(SQL(
            """
            UPDATE billing_code c
               SET date_to = CASE WHEN c.date_from = %(start)s THEN c.date_to ELSE %(start)s - 1 END,
                   active = c.date_from IS DISTINCT FROM %(start)s, (write_uid, write_date) = ROW(%(stamp)s)
             WHERE %(condition)s
            """,
            start=self.job.start, stamp=self.job.stamp, condition=condition,
        ))

    def link_late(self):
        """Headings that stand behind their codes in the file were not there yet when these were loaded."""
        if self.says_parent:
            self.execute(SQL(
                "UPDATE billing_code c SET parent_id = COALESCE(q.new_id, q.match_id) FROM %(plan)s p JOIN %(plan)s q"
                " ON q.code = p.parent AND q.system_id = p.system_id AND q.kind = p.kind AND q.n > p.n"
                " WHERE c.id = COALESCE(p.new_id, p.match_id) AND c.parent_id IS NULL",
                plan=PLAN,
            ))
