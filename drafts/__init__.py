"""The negotiation: texts, changes, versions, comments and who may do what. Knows no HTTP."""
