from . import test_collection_call
from . import test_collection_call_tour
from . import test_collection_promise
from . import test_contact_rules
from . import test_contact_sessions
