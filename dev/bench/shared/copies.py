"""Copies of rows, made by the database itself, and a clock that counts queries."""

import time

from odoo.tools import SQL


class Copies:
    """An office that is made large by copying what it has."""

    def __init__(self, env):
        self.env = env

    def time(self, action):
        """(seconds, queries, result) of something from a cold cache, until it is written."""
        env = self.env
        env.flush_all()
        env.invalidate_all()
        before, started = env.cr.sql_log_count, time.perf_counter()
        result = action()
        env.flush_all()
        return time.perf_counter() - started, env.cr.sql_log_count - before, result

    def copy(self, table, source_id, count, first, values, **given):
        """So many copies of one row, with some columns otherwise; the ids of the copies.

        :param int first: number of the first copy; ``copy.number`` in values
        :param dict values: SQL by column, text or ``SQL``
        :param given: lists of ids, of which each copy gets its own: ``copy.owner`` in values
        """
        cr = self.env.cr
        cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name != 'id' "
            "AND is_generated = 'NEVER'", [table],
        )
        columns = [name for name, in cr.fetchall()]
        values = {name: value if isinstance(value, SQL) else SQL(value) for name, value in values.items()}
        cr.execute(SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s source, "
            "unnest((SELECT array_agg(n) FROM generate_series(%s, %s) n)::int[]%s) AS copy (number%s) "
            "WHERE source.id = %s RETURNING id",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, columns)),
            SQL(", ").join(values.get(name, SQL("source.%s", SQL.identifier(name))) for name in columns),
            SQL.identifier(table),
            first, first + count - 1,
            SQL("").join(SQL(", %s::int[]", ids) for ids in given.values()),
            SQL("").join(SQL(", %s", SQL.identifier(name)) for name in given),
            source_id,
        ))
        return [row[0] for row in cr.fetchall()]
