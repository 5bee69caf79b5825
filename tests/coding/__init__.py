from . import test_adjustment_reason
from . import test_code
from . import test_code_import
from . import test_code_import_sessions
from . import test_code_import_tour
from . import test_code_limits
from . import test_code_search
