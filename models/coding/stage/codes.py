from datetime import timedelta

from odoo.tools import SQL

from .base import CHANGED, HEADINGS, NEW, PLAN, VERSION
from .code_comparison import CodeComparison


class CodeStage(CodeComparison):
    """Codes: what the comparison found is written, headings before what stands under them."""

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
                   %(name)s, %(description)s, COALESCE(p.is_billable, c.is_billable, TRUE), %(parent)s, %(edition)s,
                   COALESCE(p.date_from, %(start)s),
                   COALESCE(p.date_to, CASE WHEN p.date_from IS NULL THEN COALESCE(p.next_from, %(until)s::date) END),
                   TRUE, %(stamp)s, %(stamp)s
              FROM %(plan)s p LEFT JOIN billing_code c ON %(forerunner)s %(headings)s
             WHERE p.action IN (%(new)s, %(version)s) AND p.n BETWEEN %(first)s AND %(last)s
            """,
            forerunner=SQL("c.id = p.match_id" if self.has_forerunners else "FALSE"),
            name=self.texts(SQL("COALESCE(p.name, CASE WHEN c.id IS NULL THEN p.description END)"), SQL("c.name")),
            description=self.texts(SQL("p.description"), SQL("c.description")), headings=self.headings(last),
            parent=self.parent(SQL("c.parent_id")), edition=job.edition, start=job.start,
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
               SET name = %(name)s, description = %(description)s,
                   is_billable = COALESCE(p.is_billable, c.is_billable),
                   parent_id = %(parent)s,
                   date_from = CASE WHEN p.date_from IS NOT NULL THEN p.date_from
                                    WHEN c.date_from > %(start)s THEN %(start)s ELSE c.date_from END,
                   date_to = CASE WHEN p.date_from IS NOT NULL OR p.date_to IS NOT NULL THEN p.date_to
                                  WHEN c.date_to = %(start)s - 1 THEN NULL ELSE c.date_to END,
                   active = c.active OR (c.edition IS NOT NULL AND c.date_from >= %(start)s) IS TRUE,
                   edition = %(edition)s, (write_uid, write_date) = ROW(%(stamp)s)
              FROM %(plan)s p %(headings)s
             WHERE c.id = p.match_id AND p.action = %(changed)s AND p.n BETWEEN %(first)s AND %(last)s
            """,
            name=self.texts(SQL("p.name"), SQL("c.name")),
            description=self.texts(SQL("p.description"), SQL("c.description")),
            parent=self.parent(SQL("c.parent_id")), headings=self.headings(last), start=job.start, edition=job.edition,
            stamp=job.stamp, plan=PLAN, changed=CHANGED, first=first, last=last,
        ))

    def texts(self, value, known):
        """A text in the language of the file beside what is ``known``, as the ORM keeps it: a first text stands in
        English, too."""
        lang = self.job.lang
        spoken = SQL("jsonb_build_object(%s::text, %s)", lang, value)
        first = spoken if lang == "en_US" else SQL("jsonb_build_object('en_US', %s, %s::text, %s)", value, lang, value)
        return SQL(
            "CASE WHEN %(value)s IS NULL THEN %(known)s WHEN %(known)s IS NULL THEN %(first)s"
            " ELSE %(known)s || %(spoken)s END",
            value=value, known=known, first=first, spoken=spoken,
        )

    def headings(self, last):
        """Join to row ``p`` its heading ``h`` from the file, as far as the file is loaded."""
        if not self.says_parent:
            return SQL()
        return SQL(
            "LEFT JOIN (SELECT code, system_id, kind, max(id) AS id FROM %s WHERE n <= %s OR NOT is_new"
            " GROUP BY code, system_id, kind) h"
            " ON h.code = p.parent AND h.system_id = p.system_id AND h.kind = p.kind",
            HEADINGS, last,
        )

    def parent(self, known):
        """The heading of row ``p``; ``known`` when the row does not say."""
        if not self.says_parent:
            return known
        return SQL("CASE WHEN p.parent IS NULL AND NOT p.is_top THEN %s ELSE h.id END", known)

    def end(self):
        """End what is not named any more. What would have counted from the same day never did: it is archived."""
        if self.batches > 1:
            self.link_late()
        condition = self.ending() if self.ending_count else None
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
                "UPDATE billing_code c SET parent_id = h.id FROM %s p JOIN %s h"
                " ON h.code = p.parent AND h.system_id = p.system_id AND h.kind = p.kind AND h.n > p.n"
                " WHERE c.id = COALESCE(p.new_id, p.match_id) AND c.parent_id IS NULL",
                PLAN, HEADINGS,
            ))
