import csv
import io
from contextlib import contextmanager
from itertools import islice

from odoo.tools import SQL

from odoo.addons.billing_coordinator.tools.code_files import Unreadable

from .job import Job

CHUNK = 2_000
KEPT_UNREADABLE = 200
# What the file says; what becomes of each row; the codes among them that stand over others.
ROWS, PLAN, HEADINGS = (SQL.identifier(f"billing_code_import_{name}") for name in ("rows", "plan", "headings"))
TYPES = {"varchar": SQL("varchar"), "integer": SQL("integer"), "boolean": SQL("boolean"), "date": SQL("date")}
# What may wait to be sorted into a search index: some 40,000 codes.
PENDING = "64MB"
# Columns that nothing is compared by before it is found.
LONG = ("name", "description", "reason")
NEW, VERSION, CHANGED, SAME, ENDING = "new", "version", "changed", "same", "ending"


def drop_staged(env):
    """Forget what was staged. A session that was cut off may have left tables in its connection."""
    env.cr.execute(SQL("DROP TABLE IF EXISTS pg_temp.%s, pg_temp.%s, pg_temp.%s", ROWS, PLAN, HEADINGS))


class Stage:
    """The rows of a file in a temporary table, and a plan beside them that says what becomes of each.

    Memory holds one chunk of the file. Comparing and applying are statements over sets, so they cost the same number
    of queries for every size of file; they write what ``create`` and ``write`` would have written.
    """

    model: str
    # Columns of the staged rows, behind the number and the line in the file.
    columns: tuple[tuple[str, str], ...] = ()
    # What two rows of a file must not share, and the column that names such a row.
    key: SQL = SQL("n")
    named_by: SQL = SQL("code")

    def __init__(self, job: Job):
        self.job = job
        self.env = job.env
        self.total = 0
        self.batches = 0
        self.ending_count = 0
        self.unreadable: list[Unreadable] = []
        self.unreadable_count = 0

    # === READING === #

    @contextmanager
    def opened(self):
        """The temporary tables, for as long as they are needed."""
        self.drop()
        self.execute(SQL(
            "CREATE TEMPORARY TABLE %s (n integer, line integer, %s)", ROWS,
            SQL(", ").join(SQL("%s %s", SQL.identifier(name), TYPES[kind]) for name, kind in self.columns),
        ))
        # After an error the tables go with the transaction.
        yield self
        self.drop()

    def drop(self):
        """Forget what was staged."""
        drop_staged(self.env)

    def fill(self, rows):
        """Stage the rows of a file, chunk by chunk, and keep what cannot be read aside."""
        values = self.numbered(rows)
        while chunk := list(islice(values, CHUNK)):
            buffer = io.StringIO()
            csv.writer(buffer).writerows(chunk)
            buffer.seek(0)
            self.env.cr.copy_expert("COPY billing_code_import_rows FROM STDIN WITH (FORMAT csv)", buffer)
        self.analyze(ROWS, *(name for name, _kind in self.columns if name not in LONG))
        self.find_duplicates()
        self.unreadable.sort()

    def numbered(self, rows):
        """The values of readable rows with a number in front."""
        for row in rows:
            if isinstance(row, Unreadable):
                self.refuse(row)
            else:
                self.total += 1
                yield (self.total, row.line, *self.values(row))

    def refuse(self, unreadable):
        """Remember a line that cannot be loaded; of very many, the first ones."""
        self.unreadable_count += 1
        if len(self.unreadable) < KEPT_UNREADABLE:
            self.unreadable.append(unreadable)

    def values(self, row):
        """The values of a row, in the order of ``columns``."""
        raise NotImplementedError

    def find_duplicates(self):
        """Rows that say something of the same code twice: the first one stays, the others cannot be meant."""
        self.take_out(SQL(
            "SELECT n, line, first, name FROM (SELECT n, line, %s::text AS name, first_value(line) OVER twins AS first,"
            " row_number() OVER twins AS number FROM %s WINDOW twins AS (PARTITION BY %s ORDER BY n)) numbered"
            " WHERE number > 1 ORDER BY n",
            self.named_by, ROWS, self.key,
        ), "duplicate", lambda first, name: {"first": first, "code": name})

    def take_out(self, query, reason, about):
        """Take rows out of the stage that cannot be loaded: (n, line, …) for each."""
        found = self.env.execute_query(query)
        for _number, line, *rest in found:
            self.refuse(Unreadable(line, reason, about(*rest)))
        if found:
            self.execute(SQL("DELETE FROM %s WHERE n = ANY(%s)", ROWS, [row[0] for row in found]))

    # === COMPARING === #

    def compare(self):
        """Write down what becomes of each row, and give {what: how many}."""
        self.env.flush_all()
        with self.whole_sets():
            self.execute(SQL("CREATE TEMPORARY TABLE %s AS %s", PLAN, self.plan()))
        self.execute(SQL("CREATE INDEX ON %s (n)", PLAN))
        self.analyze(PLAN, "n", "action", "match_id", "new_id")
        counts = dict(self.env.execute_query(SQL("SELECT action, count(*) FROM %s GROUP BY action", PLAN)))
        self.ending_count = self.count_ending()
        return {
            NEW: counts.get(NEW, 0),
            CHANGED: counts.get(CHANGED, 0) + counts.get(VERSION, 0),
            SAME: counts.get(SAME, 0),
            ENDING: self.ending_count,
        }

    def plan(self):
        """The query of the plan: the staged columns, ``action``, ``match_id``, ``new_id``."""
        raise NotImplementedError

    def new_id(self, condition):
        """The id that a new record will have; none is used up by a preview."""
        if self.job.preview:
            return SQL("NULL::integer")
        return SQL(
            "CASE WHEN %s THEN nextval(%s)::integer END", condition, f"{self.env[self.model]._table}_id_seq",
        )

    def ending(self):
        """Which records the edition does not name any more: the condition on ``c``; None when nothing ends."""
        return

    @property
    def unnamed(self):
        """The condition that a record ``c`` is not in the plan."""
        return SQL(
            "NOT EXISTS (SELECT FROM %(plan)s p WHERE p.match_id = c.id)"
            " AND NOT EXISTS (SELECT FROM %(plan)s p WHERE p.new_id = c.id)", plan=PLAN,
        )

    def count_ending(self):
        """How many records end."""
        condition = self.ending()
        if condition is None:
            return 0
        with self.whole_sets():
            [[count]] = self.env.execute_query(SQL("SELECT count(*) FROM %s c WHERE %s", self.table, condition))
        return count

    def valid(self):
        """Which records of the lists count when the edition begins: the condition on ``c``; None when nothing ends."""
        return

    def count_valid(self):
        """How many records count when the edition begins."""
        condition = self.valid()
        if condition is None:
            return 0
        [[count]] = self.env.execute_query(SQL("SELECT count(*) FROM %s c WHERE %s", self.table, condition))
        return count

    def samples(self, limit):
        """The first rows of each kind: [(what, line, code, text, what it was)]."""
        found = []
        for what, actions in ((NEW, [NEW]), (CHANGED, [CHANGED, VERSION])):
            found += [(what, *row) for row in self.env.execute_query(self.sample(actions, limit))]
        condition = self.ending()
        if condition is not None:
            with self.whole_sets():
                found += [
                    (ENDING, None, *row) for row in self.env.execute_query(self.sample_ending(condition, limit))
                ]
        return found

    def sample(self, actions, limit):
        """The first planned rows with these actions: (line, code, text, what it was)."""
        raise NotImplementedError

    def sample_ending(self, condition, limit):
        """The first records that end: (code, text, what it was)."""
        raise NotImplementedError

    # === APPLYING === #

    def apply(self, first, last):
        """Create and change what the rows from ``first`` to ``last`` say; gives how many of each."""
        self.batches += 1
        with self.indexed_at_once():
            created, versions = self.create(first, last)
            return created, versions + self.change(first, last)

    def create(self, first, last):
        """Create the records of new rows; gives how many are new, and how many are new versions of known ones."""
        raise NotImplementedError

    def change(self, first, last):
        """Change the records of changed rows."""
        raise NotImplementedError

    def end(self):
        """End what the edition does not name any more; gives how many."""
        return 0

    # === AFTERWARDS === #

    def seal(self):
        """Which versions of which rows the lists consist of: another one as soon as anything is changed."""
        self.env[self.model].flush_model()
        [[count, places]] = self.env.execute_query(SQL(
            "SELECT count(*), sum(hashtextextended(c.ctid::text || c.xmin::text, 0)) FROM %s c WHERE %s",
            self.table, self.of_lists,
        ))
        return f"{count} {places}"

    @property
    def of_lists(self):
        """The condition that a record ``c`` belongs to the lists that the file is about."""
        return SQL("c.system_id = ANY(%s)", self.job.all_systems.ids)

    # === SQL === #

    @contextmanager
    def indexed_at_once(self):
        """Words of many rows go into the search index together, at the end.

        The database keeps them in a list beside the index until there are 4 MB of them. Sorting them in once is half
        the work, and whoever searches afterwards has no list to read through.
        """
        self.execute(SQL("SET LOCAL gin_pending_list_limit TO %s", PENDING))
        yield
        self.execute(SQL("SET LOCAL gin_pending_list_limit TO DEFAULT"))
        self.execute(SQL(
            "SELECT gin_clean_pending_list(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " JOIN pg_am a ON a.oid = c.relam WHERE i.indrelid = %s::regclass AND a.amname = 'gin'"
            " AND pg_has_role(c.relowner, 'USAGE')",
            self.env[self.model]._table,
        ))

    def analyze(self, table, *names):
        """Let the database count the columns that it compares by."""
        self.execute(SQL("ANALYZE %s (%s)", table, SQL(", ").join(map(SQL.identifier, names))))

    @property
    def table(self):
        """The table of the records."""
        return SQL.identifier(self.env[self.model]._table)

    @contextmanager
    def whole_sets(self):
        """Statements over all rows at once.

        The database has not counted yet what this transaction brought; guessing a handful of rows, it would compare
        each with each.
        """
        self.execute(SQL("SET LOCAL enable_nestloop TO off"))
        yield
        self.execute(SQL("SET LOCAL enable_nestloop TO DEFAULT"))

    def execute(self, query):
        """Run a statement, an ``SQL`` object; gives how many rows it touched."""
        self.env.cr.execute(query)  # pylint: disable=sql-injection
        return self.env.cr.rowcount
