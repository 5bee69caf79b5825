from . import test_collection_run
