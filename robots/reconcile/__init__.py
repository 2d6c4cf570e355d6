"""Reconciliation: what the list asks, what the robot knows, and what portals and mailbox hold."""
