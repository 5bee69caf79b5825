import re

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

# What changes only while a row is made.
UNCHANGED = ("id", "create_uid", "create_date", "write_uid", "write_date")
SOURCE = re.compile(r'(?:FROM|JOIN)\s+"?(\w+)"?(?:\s+(?:AS\s+)?"?([a-z]\w*)"?)?')
SUBSELECT = re.compile(r'\)\s+(?:AS\s+)?"?([a-z]\w*)')
COLUMN = re.compile(r'"?\b(\w+)"?\."?(\w+)"?')


@tagged("post_install", "-at_install")
class TestAnalysisReads(TransactionCase):
    """An analysis names all that its statement reads: what it does not name may be in memory only, and its figures old.
    """

    def test_every_analysis_names_every_field_that_it_reads(self):
        checked = 0
        for model in map(self.env.__getitem__, self.env.registry):
            if model._name.startswith("billing.") and not model._auto and not model._abstract:
                named = self._get_named(model)
                for context in ({}, {"billing_as_of": "2025-03-03"}, {"billing_months": 3}):
                    with self.subTest(model=model._name, context=context):
                        read = self._get_read(model.with_context(**context))
                        self.assertFalse([meant for meant in read if not meant & named])
                checked += 1
        self.assertGreater(checked, 15)

    def _get_named(self, model):
        """What the model depends on, and what those models depend on in turn."""
        named, models = set(), [model]
        while models:
            for name, fnames in models.pop()._depends.items():
                models.append(self.env[name])
                named.update((name, fname) for fname in fnames)
        return named

    def _get_read(self, model):
        """What stands in the statement under the alias of a table, unless a part of the statement has that alias as
        well: for each column the stored fields that it may be, more than one where tables share an alias."""
        tables = {other._table: other for other in map(self.env.__getitem__, self.env.registry) if other._auto}
        query = model._table_query
        code = query.code if isinstance(query, SQL) else query
        aliases = {}
        for table, alias in SOURCE.findall(code):
            if table in tables:
                aliases.setdefault(alias or table, set()).add(tables[table])
        for alias in SUBSELECT.findall(code):
            aliases.pop(alias, None)
        found = {
            frozenset(
                (other._name, column) for other in aliases.get(alias, ())
                if column in other._fields and other._fields[column].store
            )
            for alias, column in COLUMN.findall(code) if column not in UNCHANGED
        }
        return found - {frozenset()}
