from . import test_adjustment_reason
from . import test_code
