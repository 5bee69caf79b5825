from . import test_recovery_ledger
