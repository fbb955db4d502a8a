"""What may happen on the wire between a client and a vendor's gateway.

Each function returns a fault, as in `faults`: a callable that takes the
connection's handler and the request.
"""

import email.utils
import gzip
import pathlib
import socket
import ssl
import subprocess
import threading
import time
import zlib

from .base import Answer

# HAProxy's page for a client that sent no request in time (its
# doc/configuration.txt, "timeout http-request"; src/http.c, HTTP_408).
HAPROXY_408 = (
    b"HTTP/1.1 408 Request Time-out\r\nContent-length: 110\r\n"
    b"Cache-Control: no-cache\r\nConnection: close\r\n"
    b"Content-Type: text/html\r\n\r\n"
    b"<html><body><h1>408 Request Time-out</h1>\n"
    b"Your browser didn't send a complete request in time.\n"
    b"</body></html>\n\n")


def message(status, body, *fields):
    """An answer's bytes."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}",
            "Content-Type: application/json", *fields]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def unasked(extra, together=False, is_meant=lambda request: True):
    """The real answer, and behind it the answer to no request."""
    def apply(handler, request):
        whole = handler.server.answer(request)
        if not is_meant(request):
            handler.send(whole)
            return
        raw = message(whole.status, whole.body)
        if together:
            handler.connection.sendall(raw + extra)
            return
        handler.connection.sendall(raw)
        # On an idle connection: whatever is between must not join the two.
        handler.server.released.wait(0.1)
        handler.connection.sendall(extra)
    return apply


def sometimes(fault, is_turn):
    """The fault for the requests that `is_turn` picks by their number."""
    lock, count = threading.Lock(), [0]

    def apply(handler, request):
        with lock:
            number = count[0]
            count[0] += 1
        if is_turn(number):
            fault(handler, request)
        else:
            handler.send(handler.server.answer(request))
    return apply


def close():
    """The connection ends before any byte of an answer."""
    def apply(handler, request):
        handler.close_connection = True
    return apply


def raw(text):
    """These bytes and the connection's end."""
    def apply(handler, request):
        handler.connection.sendall(text)
        handler.close_connection = True
    return apply


def retyped(content_type):
    """The real answer under another media type."""
    def apply(handler, request):
        whole = handler.server.answer(request)
        handler.send(Answer(whole.status, whole.body, content_type=content_type))
    return apply


def coded(name, code):
    """The real answer with a content coding."""
    def apply(handler, request):
        whole = handler.server.answer(request)
        handler.send(Answer(whole.status, code(whole.body),
                            {**whole.headers, "Content-Encoding": name}))
    return apply


def two_members(body):
    """RFC 1952, section 2.2: a gzip file is a series of members."""
    half = len(body) // 2
    return gzip.compress(body[:half]) + gzip.compress(body[half:])


def raw_deflate(body):
    """RFC 9110, section 8.4.1.2: some servers leave zlib's wrapper out."""
    press = zlib.compressobj(wbits=-15)
    return press.compress(body) + press.flush()


def later(status, seconds, form, ahead=0, body=b"{}"):
    """A refusal that says when to ask again, by a clock that may be off.

    `form` is `date` (Retry-After as a date), `reset` (X-RateLimit-Reset in
    epoch milliseconds, as Rocket.Chat's) or `seconds`.
    """
    def apply(handler, request):
        now = time.time() + handler.server.clock.offset + ahead
        fields = {"Date": email.utils.formatdate(now, usegmt=True)}
        if form == "date":
            fields["Retry-After"] = email.utils.formatdate(
                now + seconds, usegmt=True)
        elif form == "reset":
            fields["X-RateLimit-Reset"] = str(int((now + seconds) * 1000))
        else:
            fields["Retry-After"] = str(seconds)
        handler.send(Answer(status, body, fields))
    return apply


def moved_once(location):
    """A redirect for the vendor's own path; what comes back is answered as
    if it had been asked there."""
    def apply(handler, request):
        if not handler.server.moved.get(request.path):
            handler.server.moved[request.path] = True
            handler.send(Answer(307, b"", {"Location": location(request)}))
            return
        handler.server.moved[request.path] = False
        handler.send(handler.server.answer(request))
    return apply


class TLSFront:
    """A server's TLS: each connection goes on to the real one in plain.

    `unasked` is sent to the client whenever an answer is over and the client
    is silent: after so many bytes of answers as the test says.
    """

    def __init__(self, server, folder, host="127.0.0.1"):
        self.server = server
        self.certificate = str(pathlib.Path(folder, "front.pem"))
        key = str(pathlib.Path(folder, "front.key"))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-keyout", key,
             "-out", self.certificate, "-subj", "/CN=front", "-addext",
             f"subjectAltName=IP:{host}"],
            check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.certificate, key)
        self.listener = socket.create_server((host, 0))
        self.url = f"https://{host}:{self.listener.getsockname()[1]}"
        self.accepted = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            self.accepted += 1
            threading.Thread(target=self.talk, args=(plain,),
                             daemon=True).start()

    def talk(self, plain):
        """One thread moves both ways: an SSL socket is not for two."""
        inner = None
        try:
            outer = self.context.wrap_socket(plain, server_side=True)
            inner = socket.create_connection(
                (self.server.host, self.server.port))
            outer.settimeout(0.02)
            inner.settimeout(0.02)
            while True:
                for source, sink in ((outer, inner), (inner, outer)):
                    try:
                        data = source.recv(65536)
                    except (TimeoutError, ssl.SSLWantReadError):
                        continue
                    if not data:
                        return
                    sink.settimeout(None)
                    sink.sendall(data)
                    sink.settimeout(0.02)
        except OSError:
            pass
        finally:
            for end in (plain, inner):
                if end:
                    end.close()

    def close(self):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
