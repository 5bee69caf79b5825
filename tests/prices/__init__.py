from . import test_price_source
from . import test_product_defaults
from . import test_fee_import
from . import test_fee_import_access
from . import test_fee_import_refused
from . import test_fee_import_sessions
