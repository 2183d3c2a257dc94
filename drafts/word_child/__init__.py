"""Reads one .docx in a process of its own, so that a hostile file can only spend what ``__main__`` allows.

A room beside ``exchange/`` so that starting it imports the standard library and lxml only. ``package`` opens the zip,
``styles`` knows what paragraphs inherit, ``walk`` goes through the body once and keeps what tracked changes say,
``settle`` makes the accepted and the rejected text of it, ``extras`` reads comments and what Adref left in the file.
"""
