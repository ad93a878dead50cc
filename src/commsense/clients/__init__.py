"""Clients: from labelled messages to trends, findings and advice for each relationship."""

from commsense.clients.aggregate import COUNTS, aggregate, count, rates
from commsense.clients.assess import assess
from commsense.clients.assessment import Assessment, Grain
from commsense.clients.view import that_count

__all__ = ["COUNTS", "Assessment", "Grain", "aggregate", "assess", "count", "rates", "that_count"]
