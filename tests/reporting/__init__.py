from . import test_report_definition
from . import test_statement_run
from . import test_statement_sessions
