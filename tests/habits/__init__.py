from . import test_payer_habit
from . import test_price_tour
from . import test_claim_told
from . import test_asked_values
from . import test_code_suggestion
