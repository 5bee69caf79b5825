from . import test_collection_run
from . import test_contact_rules
from . import test_collection_call
from . import test_collection_promise
