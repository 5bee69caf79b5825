"""Groups that fields name: who may read what."""

# Whoever works in the billing office, if only to read: health data is for them alone.
HEALTH_GROUP = "billing_coordinator.group_readonly"
# Everybody who works here; patients read their contact in the portal.
INTERNAL_GROUP = "base.group_user"
