from . import test_acknowledgement
from . import test_acknowledged_by_file
from . import test_claim_letter
from . import test_filing_batch
from . import test_filing_drop
from . import test_filing_form
from . import test_filing_sessions
from . import test_filing_tour
