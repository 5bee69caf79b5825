# Odoo's own runner takes the test modules that it finds here by name; pytest finds the files itself.
from . import test_access
from . import test_account_page
from . import test_company_setup
from . import test_conservation_property
from . import test_partner
from . import test_tour
from .accounts import *
from .authorizations import *
from .charges import *
from .claims import *
from .coding import *
from .coverage import *
from .reports import *
from .today import *
from .tools import *
from .verification import *
