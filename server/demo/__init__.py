"""The demo forum: a negotiation exercise in which everything is invented, made through the same room as real ones."""

from server.demo.make import make

__all__ = ["make"]
