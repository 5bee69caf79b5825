import re

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.modules.db import FunctionStatus
from odoo.tools import SQL

# Fewer characters are taken for the beginning of a code, not for a part of it.
SHORTEST_PART = 3
# No description has a longer word.
LONGEST_WORD = 250
# What stands between words. (One translate() for all of them would take five times as long.)
BETWEEN = '"\\[](),;:./-'


def _split_by(characters, text):
    """SQL that replaces each of these characters by a blank."""
    for character in characters:
        text = f"replace({text}, '{character}'::text, ' '::text)"
    return text


# What words are looked for in: name and long description in every language, each word once. The index below holds the
# very same expressions, so that one index answers for all of it. Each entry of the index is paid for by every load, and
# words are a sixth of what all their groups of three letters would be.
WORDS = f"array_to_tsvector(array_remove(string_to_array(lower({_split_by(BETWEEN, '%s')}), ' '::text), ''::text))"
TEXTS = (
    "(jsonb_path_query_array(%(name)s, '$.*'::jsonpath)::text || ' '::text"
    " || COALESCE(jsonb_path_query_array(%(description)s, '$.*'::jsonpath)::text, ''::text))"
)
# What parts of codes are looked for in: with or without the dot, a code is the same.
LETTERS = "replace(%s::text, '.'::text, ''::text)"


def _unaccented(registry, text):
    """The text without accents, where the database can index it so."""
    return registry.unaccent(text) if registry.has_unaccent == FunctionStatus.INDEXABLE else text


def _words_index(registry):
    """The index behind the search; parts of codes need trigrams (Odoo sets them up in databases that it makes)."""
    texts = TEXTS % {"name": "name", "description": "description"}
    words = WORDS % _unaccented(registry, texts)
    letters = f", ({LETTERS % 'code'}) gin_trgm_ops" if registry.has_trigram else ""
    return f"USING gin (({words}){letters})"


class BillingCode(models.Model):
    """Finding a code: by part of it or by words in any order, what the reader uses most first."""

    _inherit = "billing.code"

    favourite_user_ids = fields.Many2many(
        comodel_name="res.users",
        relation="billing_code_favourite_rel",
        column1="code_id",
        column2="user_id",
        string="Favourite of",
        copy=False,
    )
    is_favourite = fields.Boolean(
        string="My favourite",
        compute="_compute_is_favourite",
        search="_search_is_favourite",
        help="Offered first whenever you look for a code.",
    )

    _words = models.Index(_words_index)

    # === COMPUTE METHODS === #

    @api.depends("favourite_user_ids")
    @api.depends_context("uid")
    def _compute_is_favourite(self):
        known = self.with_context(active_test=False)
        mine = known.search([("id", "in", self._origin.ids), ("favourite_user_ids", "in", self.env.uid)], order="id")
        for code in self:
            code.is_favourite = code._origin in mine

    def _search_is_favourite(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = Domain("favourite_user_ids", "in", self.env.uid)
        return Domain.OR(mine if wanted else ~mine for wanted in value)

    def _search_display_name(self, operator, value):
        """Every word begins a word of the description or of the long one, or is part of the code.

        A word of one or two characters alone is the beginning of a code.
        """
        if operator not in ("ilike", "not ilike") or not isinstance(value, str):
            return super()._search_display_name(operator, value)
        words = _words(value)
        if not words:
            return Domain.FALSE if operator == "not ilike" else Domain.TRUE
        pattern = "%s" if operator == "ilike" else "NOT %s"
        return Domain.custom(to_sql=lambda model, alias, _query: SQL(pattern, model._words_to_sql(alias, words)))

    # === ACTIONS === #

    def action_toggle_favourite(self):
        """Put the code among my favourites, or take it out. Whoever may read codes may do so."""
        self.check_access("read")
        for code in self:
            command = Command.unlink if code.is_favourite else Command.link
            code.sudo().favourite_user_ids = [command(self.env.uid)]

    # === BUSINESS METHODS === #

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Favourites first, then codes that begin with what was typed, then whatever has its words.

        ``billing_code_date`` in the context, a date of service: only billable codes that are valid then are offered.
        """
        domain = Domain(domain or Domain.TRUE) & self._offered_on(self.env.context.get("billing_code_date"))
        found = self.browse()
        for part in self._get_search_parts(name, operator):
            room = None if limit is None else limit - len(found)
            if room is None or room > 0:
                others = part & domain & Domain("id", "not in", found.ids)
                found += self.search_fetch(others, ["display_name"], limit=room)
        return [(code.id, code.display_name) for code in found.sudo()]

    @api.model
    def web_search_read(self, domain, *args, **kwargs):
        """The list behind “Search more…”, and on phones the only one, offers what the field offers."""
        offered = self._offered_on(self.env.context.get("billing_code_date"))
        return super().web_search_read(Domain(domain) & offered, *args, **kwargs)

    def _get_search_parts(self, name, operator):
        """The domains whose results are offered one after the other."""
        found = Domain("display_name", operator, name)
        words = _words(name)
        if operator != "ilike" or not words:
            return [Domain("is_favourite", "=", True) & found, found]
        beginning = Domain.custom(to_sql=lambda model, alias, _query: model._beginning_to_sql(alias, words[0]))
        return [
            Domain("is_favourite", "=", True) & found,
            *([beginning] if len(words) == 1 else []),
            *([] if _is_beginning(words) else [found]),
        ]

    @api.model
    def _offered_on(self, date):
        """The domain of codes that may be billed for a service on a day; everything without one."""
        if not date:
            return Domain.TRUE
        return (
            Domain("is_billable", "=", True)
            & (Domain("date_from", "=", False) | Domain("date_from", "<=", date))
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", date))
        )

    def _words_to_sql(self, alias, words):
        """The condition that each of the words begins one of the texts' words, or is part of the code."""
        if _is_beginning(words):
            return self._beginning_to_sql(alias, words[0])
        # Looked for on their own: where in the list words stand, and how seldom they meet, cannot be foretold. Taking
        # them for frequent, the database would leaf through the list until a handful is found, often to its end.
        found = SQL(" AND ").join(self._word_to_sql("found", word) for word in words)
        return SQL(
            "%s = ANY(ARRAY(SELECT found.id FROM %s AS found WHERE %s))",
            SQL.identifier(alias, "id"), SQL.identifier(self._table), found,
        )

    def _word_to_sql(self, alias, word):
        """The condition that a word begins one of the texts' words, or is part of the code."""
        registry = self.env.registry
        name, description = (
            SQL.identifier(alias, column, to_flush=self._fields[column]) for column in ("name", "description")
        )
        conditions = [self._part_to_sql(alias, word)]
        # The database refuses to look for words that are longer than any text.
        if (parts := _parts(word)) and max(map(len, parts)) <= LONGEST_WORD:
            texts = SQL(WORDS, _unaccented(registry, SQL(TEXTS, name=name, description=description)))
            wanted = " & ".join(f"{_quoted(part)}:*" for part in parts)
            conditions.append(SQL("%s @@ lower(%s)::tsquery", texts, _unaccented(registry, SQL("%s::text", wanted))))
        return SQL("(%s)", SQL(" OR ").join(conditions))

    def _part_to_sql(self, alias, word):
        """The condition that a word is part of the code, with or without its dot."""
        letters = word.replace(".", "")
        if len(letters) < SHORTEST_PART:
            return self._beginning_to_sql(alias, word)
        column = SQL.identifier(alias, "code", to_flush=self._fields["code"])
        return SQL("%s ILIKE %s", SQL(LETTERS, column), f"%{_literally(letters)}%")

    def _beginning_to_sql(self, alias, start):
        """The condition that a code begins with these characters."""
        column = SQL.identifier(alias, "code", to_flush=self._fields["code"])
        return SQL("upper(%s) LIKE %s", column, f"{_literally(start.upper())}%")


def _words(text):
    """What is looked for, word by word."""
    return (text or "").split()


def _parts(word):
    """A word as the texts are taken apart: “self-harm” is two."""
    return [part for part in re.split(f"[{re.escape(BETWEEN)}]", word) if part]


def _quoted(part):
    """A word in which no character means anything to the search for words."""
    return "'{}'".format(part.replace("'", "''"))


def _is_beginning(words):
    """Whether so little was typed that only the beginning of a code can be meant."""
    return len(words) == 1 and len(words[0]) < SHORTEST_PART


def _literally(word):
    """A word in which no character is a wildcard."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
