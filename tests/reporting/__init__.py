from . import test_report_definition
from . import test_figure_month
from . import test_dashboard
from . import test_digest
