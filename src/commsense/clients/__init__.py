"""Clients: from labelled messages to trends, findings and advice for each relationship."""

from commsense.clients.aggregate import aggregate, count, rates
from commsense.clients.assess import assess
from commsense.clients.assessment import Assessment, Grain

__all__ = ["Assessment", "Grain", "aggregate", "assess", "count", "rates"]
