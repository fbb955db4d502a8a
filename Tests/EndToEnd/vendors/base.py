"""What the four vendor servers share: sockets, recording, faults.

A server listens on loopback at a port the kernel chooses. It records every
request, then either applies the fault that is set or asks its subclass for
the documented answer. It can stop listening and start again on the same port.
"""

import collections
import http.server
import json
import socket
import threading
import time
import urllib.parse

from .clock import Clock

Request = collections.namedtuple(
    "Request", "method path query headers body json time")


class Answer:
    """A whole HTTP answer."""

    def __init__(self, status, body, headers=(),
                 content_type="application/json"):
        if not isinstance(body, (bytes, str)):
            body = json.dumps(body, ensure_ascii=False)
        self.status = status
        self.body = body.encode() if isinstance(body, str) else body
        self.headers = dict(headers)
        self.headers.setdefault("Content-Type", content_type)


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection, kept alive as the vendors' gateways keep theirs."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def handle(self):
        try:
            super().handle()
        except (OSError, ValueError):
            self.close_connection = True

    def handle_any(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        parts = urllib.parse.urlsplit(self.path)
        try:
            parsed = json.loads(body) if body else None
        except ValueError:
            parsed = None
        query = urllib.parse.parse_qs(parts.query, keep_blank_values=True)
        self.server.serve(self, Request(
            self.command, parts.path, query, self.headers, body, parsed,
            time.time()))

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = handle_any

    def send(self, answer):
        reason = http.server.BaseHTTPRequestHandler.responses.get(
            answer.status, ("",))[0]
        head = [f"HTTP/1.1 {answer.status} {reason}"]
        headers = dict(answer.headers)
        headers.setdefault("Content-Length", str(len(answer.body)))
        head += [f"{name}: {value}" for name, value in headers.items()]
        raw = "\r\n".join(head).encode("latin-1") + b"\r\n\r\n"
        self.connection.sendall(raw + answer.body)

    def log_message(self, *_):
        """The tests read the recorded requests instead."""


class VendorServer:
    """The part of a vendor that is not the vendor's own."""

    vendor = ""       # the value of `vendor:` in a target
    endpoint = ""     # a part of the path that a log line must show

    def __init__(self, host="127.0.0.1", clock=None):
        self.host = host
        self.clock = clock or Clock()
        self.requests = []
        self.complaints = []
        self.override = None
        self.bytes_sent = 0
        self._fault = None
        self.released = threading.Event()
        self._lock = threading.Lock()
        self._connections = set()
        self._listener = None
        self._port = 0
        self.listen()

    # Listening

    @property
    def port(self):
        return self._port

    @property
    def url(self):
        return f"http://{self.host}:{self._port}"

    def listen(self):
        """Listen; after `refuse` on the same port as before."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((self.host, self._port))
        listener.listen(64)
        self._port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,),
                         daemon=True).start()

    def refuse(self):
        """Stop listening and drop every connection: connects are refused."""
        listener, self._listener = self._listener, None
        if listener:
            try:
                listener.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            listener.close()
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.released.set()
        self.refuse()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _accept(self, listener):
        while True:
            try:
                connection, address = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection, address),
                             daemon=True).start()

    def _talk(self, connection, address):
        with self._lock:
            self._connections.add(connection)
        try:
            Handler(connection, address, self)
        except OSError:
            pass
        finally:
            with self._lock:
                self._connections.discard(connection)
            connection.close()

    # Answering

    @property
    def fault(self):
        return self._fault

    @fault.setter
    def fault(self, fault):
        """Set or clear the fault; whoever hangs in the old one is let go."""
        self._fault = fault
        self.released.set()
        self.released = threading.Event()

    def serve(self, handler, request):
        with self._lock:
            self.requests.append(request)
        fault, override = self._fault, self.override
        if fault:
            fault(handler, request)
            return
        answer = override(request) if override else None
        if answer is None:
            answer = self.answer(request)
            if answer.status >= 400:
                self.complaints.append(
                    f"{request.method} {request.path}: {answer.status} "
                    f"{answer.body.decode(errors='replace')}")
        handler.send(answer)

    def answer(self, request):
        """The documented answer to a request."""
        raise NotImplementedError

    def envelope(self):
        """The vendor's error envelope with status 200."""
        raise NotImplementedError

    def target(self, name, **options):
        """A target of the exporter's configuration for this server."""
        raise NotImplementedError

    def secrets(self):
        """Everything that must never leave the exporter."""
        raise NotImplementedError

    def since(self, moment):
        """The requests received after a moment of `time.time()`."""
        with self._lock:
            return [r for r in self.requests if r.time > moment]
