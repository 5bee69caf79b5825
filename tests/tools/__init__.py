from . import test_ageing
from . import test_benefit_split
from . import test_business_days
from . import test_good_faith
from . import test_money
from . import test_npi
from . import test_split_steps
