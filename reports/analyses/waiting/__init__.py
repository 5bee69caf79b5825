from . import unbilled_item
from . import unfilled_item
from . import unfilled_statement
