"""Verification of the JWTs that Kore.ai asks for (RFC 7519, HS256)."""

import base64
import hashlib
import hmac
import json


class TokenError(Exception):
    """Why a token is refused."""


def decode(part):
    if "=" in part:
        raise TokenError("base64url of a JWT has no padding")
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_",
                                validate=True)
    except ValueError as error:
        raise TokenError(f"not base64url: {error}") from None


def encode(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def sign(claims, secret, header=None):
    """A token, for the tests of this module and for ready tokens."""
    parts = [encode(json.dumps(part).encode())
             for part in (header or {"alg": "HS256", "typ": "JWT"}, claims)]
    signed = ".".join(parts)
    return f"{signed}.{signature(signed, secret)}"


def signature(signed, secret):
    return encode(hmac.new(secret.encode(), signed.encode(),
                           hashlib.sha256).digest())


def verify(token, secret, now):
    """The claims of a token that is signed, begun and not over."""
    parts = (token or "").split(".")
    if len(parts) != 3:
        raise TokenError("a JWT has three parts")
    try:
        header, claims = (json.loads(decode(part)) for part in parts[:2])
    except ValueError as error:
        raise TokenError(f"not JSON: {error}") from None
    if header.get("alg") != "HS256":
        raise TokenError(f"algorithm {header.get('alg')!r}, not HS256")
    expected = signature(".".join(parts[:2]), secret)
    if not hmac.compare_digest(expected, parts[2]):
        raise TokenError("wrong signature")
    for claim in ("iat", "exp"):
        value = claims.get(claim)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise TokenError(f"{claim} is missing or no number")
    # RFC 7519, section 4.1.6, asks for no tolerance, and few verifiers have one.
    if claims["iat"] > now:
        raise TokenError("issued in the future")
    if claims["exp"] <= now:
        raise TokenError("expired")
    if claims["exp"] - claims["iat"] > 3600:
        raise TokenError("valid for more than an hour")
    return claims
