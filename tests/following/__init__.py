from . import test_claim_contact
from . import test_claim_event
from . import test_claim_tour
from . import test_deadline
from . import test_follow_up
from . import test_proof_letter
