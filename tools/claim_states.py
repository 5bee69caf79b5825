"""Where a claim stands, as other rooms ask for it, and where it goes back to."""

# The payer has not said its last word: nobody else is asked meanwhile for what this claim asks.
CLAIM_PENDING = ("draft", "ready", "sent", "acknowledged", "rejected", "answered", "appealed")

# Something is still to come of it, be it only a decision of the office.
CLAIM_OPEN = (*CLAIM_PENDING, "denied")

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

# No answer of its payer stands: how it was before, and is again once the answer is taken back.
CLAIM_UNANSWERED = ("draft", "ready", "sent", "acknowledged", "rejected")

# It may leave for its payer, now or again; what is closed or void may not.
CLAIM_MAY_LEAVE = ("ready", "sent", "acknowledged", "rejected", "answered", "denied", "appealed")

# It may be corrected, and is to be sent then.
CLAIM_MAY_CORRECT = ("draft", *CLAIM_MAY_LEAVE[1:])


def get_unanswered_state(before, sending):
    """Where a claim stands once the payer's answer to it is taken back.

    What was on the office's desk is there again: it was never sent, or was corrected and not sent again. What was with
    the payer is so as far as the payer has said meanwhile of having received it.

    :param before: the state in which the answer found it; empty: nobody knows
    :param sending: the state of its last sending: sent, acknowledged or rejected; empty: it never was sent
    :return: one of :data:`CLAIM_UNANSWERED`
    """
    if before in ("draft", "ready"):
        return before
    if sending in ("sent", "acknowledged", "rejected"):
        return sending
    return before or "ready"
