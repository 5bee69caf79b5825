"""Where a claim stands, as other rooms ask for it."""

# The payer has not said its last word: nobody else is asked meanwhile for what this claim asks.
CLAIM_PENDING = ("draft", "ready", "sent", "acknowledged", "rejected", "answered", "appealed")

# Something is still to come of it, be it only a decision of the office.
CLAIM_OPEN = (*CLAIM_PENDING, "denied")

# It is out of the house, and its payer has not decided yet.
CLAIM_WITH_PAYER = ("sent", "acknowledged", "appealed")

# It is on the office's desk: to be mended or sent.
CLAIM_TO_SEND = ("draft", "ready", "rejected")

# What it tells the payer can still be completed.
CLAIM_TYPABLE = (*CLAIM_TO_SEND, "denied")

# The payer's side has spoken, and it can be corrected and sent again.
CLAIM_CORRECTABLE = ("rejected", "answered", "denied")

# It waits for the payer, wholly or for the rest: somebody asks when that takes too long.
CLAIM_FOLLOWED = ("sent", "acknowledged", "answered")

# The payer has the word.
CLAIM_WAITING = ("sent", "acknowledged", "answered", "appealed")
