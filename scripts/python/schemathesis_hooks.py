"""Hooks for schemathesis: every other request gets what no generator can guess.

That is a client that exists, with its token, and a redirect URI, which most clients need and the schema cannot demand.
Without them nearly everything would end at 400 or 401. SCHEMATHESIS_INITIAL_ACCESS_TOKEN is used likewise. At the end
the answers of each operation, counted by status, are in the file that SCHEMATHESIS_ANSWERS names.
"""

import atexit
import collections
import itertools
import json
import os
import pathlib

import schemathesis

INITIAL_ACCESS_TOKEN = os.environ["SCHEMATHESIS_INITIAL_ACCESS_TOKEN"]
CLIENT = "/register/{client_id}"

tokens: dict[str, str] = {}
turn = itertools.count()
answers: dict[str, collections.Counter[int]] = collections.defaultdict(collections.Counter)


@atexit.register
def write_answers():
    pathlib.Path(os.environ["SCHEMATHESIS_ANSWERS"]).write_text(json.dumps(answers), encoding="utf-8")


@schemathesis.hook
def before_call(context, case, kwargs):
    if next(turn) % 2:
        return
    if isinstance(case.body, dict) and not case.body.get("redirect_uris"):
        case.body = {**case.body, "redirect_uris": ["http://127.0.0.1/callback"]}
    if case.path == "/register/protected":
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {INITIAL_ACCESS_TOKEN}"}
    elif case.path == CLIENT and tokens:
        client_id, token = next(reversed(tokens.items()))
        case.path_parameters = {**(case.path_parameters or {}), "client_id": client_id}
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
        if isinstance(case.body, dict):
            # A secret that is not the current one is refused; what was generated never is.
            case.body = {**case.body, "client_id": client_id}
            case.body.pop("client_secret", None)


@schemathesis.hook
def after_call(context, case, response):
    if case.operation.label == f"{case.method} {case.path}":
        answers[case.operation.label][response.status_code] += 1
    if response.status_code == 204:
        tokens.pop((case.path_parameters or {}).get("client_id"), None)
    elif response.status_code in (200, 201):
        answer = response.json()
        if "registration_access_token" in answer:
            tokens[answer["client_id"]] = answer["registration_access_token"]
