"""Reads the words of one PDF in a process of its own: a hostile file can only spend what ``__main__`` allows."""
