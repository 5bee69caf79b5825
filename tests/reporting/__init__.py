from . import test_report_definition
from . import test_figure_month
