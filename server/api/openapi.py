"""The OpenAPI 3.1 document, made from the table of doors and the types of their bodies and answers."""

import re
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.api import schema as s
from server.api.door import SAFE, Door

_REF: Final = "#/components/schemas/{name}"
_ABOUT: Final = """\
Drafts of norms and confidence-building measures, edited together. Every answer from 400 on is an `Error`, in a
language of `Accept-Language`. What is not for your eyes does not exist: 404. Times are UTC milliseconds since 1970;
positions count UTF-16 units. The live socket is described in docs/protocol.md.
"""
_REFUSALS: Final = {
    "400": "The body or a parameter cannot be read",
    "401": "No valid token and nobody signed in",
    "403": "It is there, but your role may not do this",
    "404": "Nothing there for your eyes",
    "409": "The text has moved on, is locked, or something is taken",
    "413": "Larger than is taken here",
    "422": "Understood, but wrong; the message says what",
    "429": "Too fast; see Retry-After",
}


def document(doors: Sequence[Door], base: str) -> dict[str, Any]:
    """The whole document."""
    types = [t for door in doors for t in (door.answer, door.body) if t not in {None, bytes}]
    refs, components = msgspec.json.schema_components([*types, s.Error], ref_template=_REF)
    schemas = iter(refs)
    paths: dict[str, dict[str, Any]] = {}
    for door in doors:
        answer = next(schemas) if door.answer not in {None, bytes} else None
        body = next(schemas) if door.body is not None else None
        paths.setdefault(base + door.path, {})[door.method.lower()] = _operation(door, answer, body)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Adref", "version": version("adref"), "description": _ABOUT},
        "paths": paths,
        "security": [{"token": []}, {"session": []}],
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Made by `adref token make` or on the account page.",
                },
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "adref",
                    "description": "For scripts of our own pages; what changes something also needs the header X-CSRF.",
                },
            },
            "responses": {f"Refused{status}": _error(about) for status, about in _REFUSALS.items()},
        },
    }


def _error(about: str) -> dict[str, Any]:
    return {"description": about, "content": {"application/json": {"schema": {"$ref": _REF.format(name="Error")}}}}


def _operation(door: Door, answer: Any, body: Any) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": door.summary,
        "operationId": f"{door.handler.__module__.rpartition('.')[2]}_{door.handler.__name__}",
        "tags": [door.handler.__module__.rpartition(".")[2]],
        "parameters": _parameters(door),
        "responses": {str(door.status): _success(door, answer)},
    }
    if body is not None:
        content: dict[str, Any] = {"schema": body}
        if door.example is not None:
            content["example"] = door.example
        operation["requestBody"] = {"required": True, "content": {"application/json": content}}
    safe = {"403", "409", "413"} if door.method in SAFE else set()
    for status in _REFUSALS.keys() - safe:
        operation["responses"][status] = {"$ref": f"#/components/responses/Refused{status}"}
    operation["responses"] = dict(sorted(operation["responses"].items()))
    return operation


def _success(door: Door, answer: Any) -> dict[str, Any]:
    if door.status == 204:
        return {"description": "Done"}
    shape = {} if answer is None else {"schema": answer}
    kinds = {kind: shape if kind == "application/json" else {} for kind in door.media_types}
    return {"description": "Done" if door.method not in SAFE else "There it is", "content": kinds}


def _parameters(door: Door) -> list[dict[str, Any]]:
    names = re.findall(r"{(\w+)}", door.path)
    in_path = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
    in_query = [
        {
            "name": query.name,
            "in": "query",
            "description": query.about,
            "schema": {"type": "string"} | ({"default": query.default} if query.default else {}),
        }
        for query in door.queries
    ]
    return in_path + in_query


def endpoint(doors: Sequence[Door], base: str) -> Callable[[Request], Awaitable[Response]]:
    """The door that gives the document to everybody; it is made when it is first asked for."""

    @cache
    def written() -> bytes:
        return msgspec.json.format(msgspec.json.encode(document(doors, base)), indent=2)

    async def opened(_request: Request) -> Response:
        return Response(written(), media_type="application/json")

    return opened
