"""A local server that plays the few endpoints of GitHub's REST API that a pull request needs, state and all."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

Json = dict[str, Any]


class Reply(NamedTuple):
    """A canned answer: a status, a body that is JSON unless it is bytes, and headers."""

    status: int
    body: Any
    headers: Mapping[str, str] = MappingProxyType({})


class GitHub:
    """A repository at GitHub and what was asked of it. `canned` answers instead, by method and path."""

    def __init__(self, name: str = "octo-org/octo-repo", login: str = "octo-org") -> None:
        self.name = name
        self.former: set[str] = set()
        self.pulls: list[Json] = []
        self.asked: list[tuple[str, str, Any]] = []
        self.tokens: set[str | None] = set()
        self.canned: dict[tuple[str, str], Reply] = {}
        self.branches = {"main", "v2"}
        self.silent = threading.Event()
        self.silent.set()
        self.address = ""

    def answer(self, method: str, target: str, sent: Any) -> Reply:
        """What GitHub answers to a request."""
        parts = urlsplit(target)
        path, query = unquote(parts.path), {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.asked.append((method, path, sent or query))
        if reply := self.canned.get((method, path)):
            return reply
        for former in self.former:
            if path == f"/repos/{former}":
                return Reply(301, {"message": "Moved Permanently"}, {"Location": f"{self.address}/repositories/7"})
        if path in (f"/repos/{self.name}", "/repositories/7"):
            return Reply(200, self._repository())
        if path == f"/repos/{self.name}/pulls":
            return self._listed(query) if method == "GET" else self._created(sent)
        for pull in self.pulls:
            if path == f"/repos/{self.name}/pulls/{pull['number']}" and method == "PATCH":
                pull.update(sent)
                return Reply(200, pull)
        return Reply(404, {"message": "Not Found", "status": "404"})

    def add(self, owner: str, branch: str, base: str = "main", **more: Any) -> Json:
        """A pull request that is there."""
        number = len(self.pulls) + 1
        user = {"login": owner, "url": f"{self.address}/users/{owner}"}
        pull = {
            "number": number,
            "state": "open",
            "title": "t",
            "body": "b",
            "merged_at": None,
            "url": f"{self.address}/repos/{self.name}/pulls/{number}",
            "html_url": f"https://github.com/{self.name}/pull/{number}",
            "head": {"ref": branch, "label": f"{owner}:{branch}", "user": user},
            "base": {"ref": base, "label": f"{self.name.split('/')[0]}:{base}"},
        } | more
        self.pulls.append(pull)
        return pull

    def _repository(self) -> Json:
        return {
            "id": 7,
            "full_name": self.name,
            "name": self.name.split("/")[1],
            "url": f"{self.address}/repos/{self.name}",
        }

    def _listed(self, query: dict[str, str]) -> Reply:
        found = [
            pull
            for pull in reversed(self.pulls)
            if query.get("state", "open") in ("all", pull["state"])
            and query.get("base", pull["base"]["ref"]) == pull["base"]["ref"]
            and query.get("head", pull["head"]["label"]).lower() == pull["head"]["label"].lower()
        ]
        return Reply(200, found)

    def _created(self, sent: Json) -> Reply:
        owner, _, branch = sent["head"].partition(":")
        if sent["base"] not in self.branches:
            return invalid({"resource": "PullRequest", "field": "base", "code": "invalid"})
        for pull in self.pulls:
            if (pull["state"], pull["head"]["label"], pull["base"]["ref"]) == ("open", sent["head"], sent["base"]):
                return invalid({"code": "custom", "message": f"A pull request already exists for {sent['head']}."})
        return Reply(201, self.add(owner, branch, sent["base"], title=sent["title"], body=sent["body"]))


def invalid(*errors: Any) -> Reply:
    """422 as GitHub says it."""
    return Reply(422, {"message": "Validation Failed", "errors": list(errors), "status": "422"})


class Quiet(ThreadingHTTPServer):
    """A server that says nothing of clients that went away."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: the client's side is what a test looks at."""


@contextmanager
def served(hub: GitHub) -> Iterator[GitHub]:
    """The server at work, at `hub.address`."""

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            sent = json.loads(self.rfile.read(length)) if length else None
            hub.tokens.add(self.headers.get("Authorization"))
            hub.silent.wait()
            reply = hub.answer(self.command, self.path, sent)
            raw = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for key, value in ({"Content-Type": "application/json; charset=utf-8"} | dict(reply.headers)).items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = do_PATCH = _serve

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: tests are quiet."""

    server = Quiet(("127.0.0.1", 0), Handler)
    hub.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        hub.silent.set()
        server.shutdown()
        thread.join()
        server.server_close()
