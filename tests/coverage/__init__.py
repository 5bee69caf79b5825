from . import test_coverage
from . import test_coverage_benefits
from . import test_coverage_period
from . import test_coverage_rule
from . import test_coverage_rule_tour
from . import test_coverage_split
from . import test_insurance_plan
