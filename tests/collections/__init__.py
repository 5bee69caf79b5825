from . import test_collection_run
from . import test_collection_charges
from . import test_collection_messages
from . import test_collection_letters
