from . import claims
from . import reports
from . import test_company_setup
from . import today
from . import test_access
from . import test_conservation_property
