"""Numbers in sentences, as their reader writes them."""

from odoo.tools import formatLang
from odoo.tools.misc import get_lang

# More than any unit or percentage has.
DIGITS = 4


def format_number(env, value):
    """A number without zeros that say nothing: 33.5 and 1,000,000 in English, 33,5 and 1.000.000 in German."""
    point = get_lang(env).decimal_point
    text = formatLang(env, float(value), digits=DIGITS)
    return text.rstrip("0").rstrip(point) if point in text else text
