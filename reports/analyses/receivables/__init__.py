from . import aged_item
from . import aged_item_claim
from . import credit_item
