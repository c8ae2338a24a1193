"""Registers real clients' bodies as the official MCP Python SDK does, and reads the answers with its model.

Usage: register_with_sdk.py REGISTRATION_ENDPOINT FILE...
Prints one JSON object a line: the file, and the fault or null.
"""

import asyncio
import json
import pathlib
import sys

import httpx2
from mcp.client.auth.utils import handle_registration_response


async def fault_of(endpoint: str, file: str) -> str | None:
    body = json.loads(pathlib.Path(file).read_text(encoding="utf-8"))
    # Like the SDK: a bare request, without the headers that a client of httpx2 would add.
    request = httpx2.Request(
        "POST", endpoint, json=body, headers={"Content-Type": "application/json"}
    )
    async with httpx2.AsyncClient() as client:
        response = await client.send(request)
    try:
        information = await handle_registration_response(response)
    except Exception as error:  # every failure of the SDK is a fault of the answer
        return f"{response.status_code}: {type(error).__name__}: {error}"
    if not information.client_id:
        return "no client_id"
    registered = [str(uri) for uri in information.redirect_uris or []]
    if len(registered) != len(body.get("redirect_uris", [])):
        return f"redirect_uris: {registered}"
    return None


async def main() -> None:
    endpoint, *files = sys.argv[1:]
    for file in files:
        print(json.dumps({"file": pathlib.Path(file).name, "fault": await fault_of(endpoint, file)}))


asyncio.run(main())
