from . import test_debtor
from . import test_encounter
from . import test_estimate
from . import test_estimate_access
from . import test_estimate_advice
from . import test_estimate_tour
from . import test_estimate_visit
