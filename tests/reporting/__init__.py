from . import test_aged_items
from . import test_report_definition
