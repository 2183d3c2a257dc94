"""The use cases, by noun: load and authorise in one call, do, return. Every door goes through here.

Functions take the ``store`` first, then the acting person's id (None: nobody signed in), and ask ``access`` before they
show or change anything: a stranger gets NotFound, a member without the right Forbidden.
"""
