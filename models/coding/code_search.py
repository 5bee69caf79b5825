from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

# Fewer characters make no trigram: they are taken for the beginning of a code.
SHORTEST_WORD = 3


# What words are looked for in: code with and without dot, description and long description in every language. The index
# below holds the very same expression, so that one index answers for all of it.
SEARCHED = (
    "(%(code)s::text || ' '::text || replace(%(code)s::text, '.'::text, ''::text) || ' '::text"
    " || jsonb_path_query_array(%(name)s, '$.*'::jsonpath)::text"
    " || COALESCE(jsonb_path_query_array(%(description)s, '$.*'::jsonpath)::text, ''::text))"
)
SEARCHED_FIELDS = ("code", "name", "description")


def _words_index(registry):
    """The index behind the search, where the database knows trigrams (Odoo sets them up in databases that it makes)."""
    searched = SEARCHED % {name: name for name in SEARCHED_FIELDS}
    return f"USING gin ({registry.unaccent(searched)} gin_trgm_ops)" if registry.has_trigram else ""


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
    # Beginnings of codes, however short: upper(code) LIKE 'M5%'.
    _beginning = models.Index("(upper(code) text_pattern_ops)")

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
        """Every word stands somewhere in code, description or long description.

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
        """The condition that each of the words is found."""
        if _is_beginning(words):
            return self._beginning_to_sql(alias, words[0])
        unaccent = self.env.registry.unaccent
        searched = unaccent(SQL(SEARCHED, **{
            name: SQL.identifier(alias, name, to_flush=self._fields[name]) for name in SEARCHED_FIELDS
        }))
        conditions = [SQL("%s ILIKE %s", searched, unaccent(SQL("%s", f"%{_literally(word)}%"))) for word in words]
        return SQL("(%s)", SQL(" AND ").join(conditions))

    def _beginning_to_sql(self, alias, start):
        """The condition that a code begins with these characters."""
        column = SQL.identifier(alias, "code", to_flush=self._fields["code"])
        return SQL("upper(%s) LIKE %s", column, f"{_literally(start.upper())}%")


def _words(text):
    """What is looked for, word by word. Quotes are written otherwise inside the index, so they are left out."""
    return (text or "").replace('"', " ").split()


def _is_beginning(words):
    """Whether so little was typed that only the beginning of a code can be meant."""
    return len(words) == 1 and len(words[0]) < SHORTEST_WORD


def _literally(word):
    """A word in which no character is a wildcard."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
