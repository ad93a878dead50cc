"""commsense reads client communications and tells how each relationship fares."""
