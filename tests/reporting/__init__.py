from . import test_aged_items
from . import test_report_definition
from . import test_register
from . import test_register_histories
from . import test_allowances
from . import test_profit
