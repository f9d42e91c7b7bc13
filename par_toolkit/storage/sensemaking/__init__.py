"""Sense-making: contract, circles, items, agreement, negotiation, actions, one module a thing."""
