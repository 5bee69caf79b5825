from . import aged_item
from . import credit_item
