from . import account_review
from . import account_review_facts
