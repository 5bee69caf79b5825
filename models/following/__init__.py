from . import claim_contact
from . import payer_pace
from . import claim_follow_up
from . import claim_event
from . import claim_event_queries
