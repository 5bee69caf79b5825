from . import test_dispute_access
from . import test_dispute_credit
from . import test_dispute_days
from . import test_dispute_deadline
from . import test_dispute_mail
from . import test_dispute_paper
from . import test_dispute_resolution
from . import test_dispute_tour
