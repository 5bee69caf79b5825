from . import test_collection_charges
from . import test_collection_letters
from . import test_collection_messages
from . import test_message_sessions
