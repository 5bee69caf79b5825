from . import benefits
from . import insurance_plan
from . import coverage
from . import coverage_period
from . import coverage_benefits
