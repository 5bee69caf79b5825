from . import test_ageing
from . import test_benefit_rules
from . import test_benefit_split
from . import test_coverage_rules
from . import test_likeness
from . import test_eligibility
from . import test_money
from . import test_npi
