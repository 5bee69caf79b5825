from . import test_account_review
from . import test_report_definition
from . import test_statement_run
from . import test_statement_sessions
from . import test_statement_tour
