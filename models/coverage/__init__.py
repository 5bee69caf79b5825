from . import benefits
from . import insurance_plan
from . import coverage_rule
from . import insurance_plan_rules
from . import coverage
from . import coverage_period
from . import coverage_benefits
from . import coverage_split
