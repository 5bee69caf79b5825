from . import test_report_definition
from . import test_report_export
from . import test_report_job
from . import test_report_paper
from . import test_report_schedule
from . import test_report_sessions
from . import test_report_table
from . import test_report_tour
