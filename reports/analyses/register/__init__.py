from . import journal_analysis
from . import register_entry
from . import allowance_item
from . import profit_item
