from . import test_agreement
from . import test_claim_history
from . import test_letter
from . import test_negotiation_tour
from . import test_offers
from . import test_paid_short
from . import test_seams
