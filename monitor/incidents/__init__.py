"""A section that can no longer be trusted is an incident: the operator is told when it begins and when it is over."""
