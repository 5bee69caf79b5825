from . import test_report_definition
