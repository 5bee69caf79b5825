from . import test_assistance_application
from . import test_assistance_evidence
from . import test_assistance_ledger
from . import test_assistance_offer
from . import test_assistance_programme
from . import test_assistance_tour
from . import test_assistance_two_sessions
