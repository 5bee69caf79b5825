from . import test_ageing
from . import test_assistance
from . import test_benefit_split
from . import test_money
from . import test_npi
