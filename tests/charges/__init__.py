from . import test_encounter
