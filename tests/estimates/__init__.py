from . import test_estimate
from . import test_estimate_access
from . import test_estimate_actual
from . import test_estimate_advice
from . import test_estimate_tour
from . import test_estimate_visit
