from . import test_assistance_letter
from . import test_authorization_letter
from . import test_claim_form
from . import test_cms1500
from . import test_debtor_languages
from . import test_estimate_paper
from . import test_itemised_bill
from . import test_statement
