"""Secrets of sessions, invitations and tokens: 32 random bytes, of which the database knows only the SHA-256.

No salt and no slow hash: unlike a password, the secret cannot be guessed.
"""

import secrets
from hashlib import sha256


def make() -> str:
    """A new secret, safe in cookies and links."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """What is stored of it, and what it is looked up by."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
