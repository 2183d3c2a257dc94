"""People and wires: settings, sessions, pages, the API, the live socket and the command line."""
