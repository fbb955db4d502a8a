"""Ways in which a vendor's answer goes wrong.

Each function returns a fault: a callable that takes the connection's handler
and the request. Nothing here holds more than 64 KiB in memory.
"""

import email.utils
import gzip
import json
import socket
import struct
import time
import zlib

from .base import Answer

GIBIBYTE = 1 << 30
CHUNK = b"a" * 65536
OPENING = b'{"status":"SUCCESS","success":true,"padding":"'


def status(code, body=b"", headers=(), content_type="application/json"):
    """A plain answer with this status."""
    answer = Answer(code, body, headers, content_type)
    return lambda handler, request: handler.send(answer)


def refused_now(server):
    """Not a fault of an answer: the server no longer listens."""
    server.refuse()


def reset():
    """The connection is reset (SO_LINGER 0) instead of answered."""
    def apply(handler, request):
        handler.close_connection = True
        handler.connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.rfile.close()
        handler.connection.close()
    return apply


def hang():
    """No answer until the fault is lifted."""
    def apply(handler, request):
        handler.close_connection = True
        handler.server.released.wait(120)
    return apply


def drip():
    """A body that comes a byte at a time and never ends."""
    def apply(handler, request):
        handler.close_connection = True
        released = handler.server.released
        send_head(handler, "Content-Length: 100000")
        while not released.wait(0.2):
            handler.connection.sendall(b" ")
    return apply


def retry_after(seconds, body=b"{}"):
    """429 with Retry-After in seconds."""
    return status(429, body, {"Retry-After": str(seconds)})


def retry_after_date(seconds, body=b"{}"):
    """429 with Retry-After as an HTTP date, so many seconds ahead."""
    def apply(handler, request):
        until = email.utils.formatdate(
            handler.server.clock.time() + seconds, usegmt=True)
        handler.send(Answer(429, body, {"Retry-After": until}))
    return apply


def html(code=200):
    """A login or error page of a gateway."""
    page = ("<!DOCTYPE html><html><head><title>Sign in</title></head>"
            "<body><h1>Sign in</h1></body></html>")
    return status(code, page, content_type="text/html; charset=utf-8")


def not_json():
    """Plain text under the media type of JSON."""
    return status(200, b"service is warming up, please retry")


def empty():
    """200 and nothing."""
    return status(200, b"")


def cut_json():
    """The first half of the real answer, with the half's length."""
    def apply(handler, request):
        whole = handler.server.answer(request)
        half = whole.body[:len(whole.body) // 2]
        handler.send(Answer(200, half))
    return apply


def cut_body():
    """The real answer's length announced, half of it sent, then closed."""
    def apply(handler, request):
        handler.close_connection = True
        whole = handler.server.answer(request)
        half = whole.body[:len(whole.body) // 2]
        handler.send(Answer(200, half,
                            {"Content-Length": str(len(whole.body))}))
    return apply


def envelope():
    """The vendor's error envelope with 200."""
    def apply(handler, request):
        handler.send(Answer(200, handler.server.envelope()))
    return apply


def redirect(location, code=302):
    """A redirect; the tests give another host."""
    return status(code, b"", {"Location": location})


def huge(announced):
    """A body of 1 GiB, with its length announced or in chunks."""
    def apply(handler, request):
        handler.close_connection = True
        sent = 0
        if announced:
            send_head(handler, f"Content-Length: {GIBIBYTE}")
        else:
            send_head(handler, "Transfer-Encoding: chunked")
        frame = CHUNK if announced else b"%x\r\n%s\r\n" % (len(CHUNK), CHUNK)
        opening = OPENING if announced else (
            b"%x\r\n%s\r\n" % (len(OPENING), OPENING))
        handler.connection.sendall(opening)
        while sent < GIBIBYTE - len(CHUNK) - len(OPENING):
            handler.connection.sendall(frame)
            sent += len(CHUNK)
            handler.server.bytes_sent += len(CHUNK)
    return apply


def gzip_bomb():
    """1 GiB that is 1 MiB on the wire, if the client takes gzip at all."""
    def apply(handler, request):
        accepted = request.headers.get("Accept-Encoding", "")
        if "gzip" not in accepted and "*" not in accepted:
            huge(announced=False)(handler, request)
            return
        handler.close_connection = True
        send_head(handler, "Content-Encoding: gzip", "Connection: close")
        press = zlib.compressobj(9, zlib.DEFLATED, 31)
        handler.connection.sendall(press.compress(OPENING))
        for _ in range(GIBIBYTE // len(CHUNK)):
            part = press.compress(CHUNK)
            if part:
                handler.connection.sendall(part)
                handler.server.bytes_sent += len(part)
        handler.connection.sendall(press.flush())
    return apply


def gzipped(answer):
    """An honest compressed answer."""
    return Answer(answer.status, gzip.compress(answer.body),
                  {**answer.headers, "Content-Encoding": "gzip"})


def send_head(handler, *fields):
    """The head of a 200 whose body the caller writes itself."""
    head = ["HTTP/1.1 200 OK", "Content-Type: application/json", *fields]
    handler.connection.sendall("\r\n".join(head).encode() + b"\r\n\r\n")


def rocketchat_limit(seconds, headers=True, text=True):
    """Rocket.Chat's 429: no Retry-After, the reset in epoch milliseconds."""
    def apply(handler, request):
        words = f" You must wait {seconds} seconds before trying this " \
                "endpoint again." if text else ""
        body = {"success": False,
                "error": "Error, too many requests. Please slow down."
                         f"{words} [error-too-many-requests]"}
        reset_at = int((time.time() + handler.server.clock.offset + seconds)
                       * 1000)
        fields = {"X-RateLimit-Limit": "10", "X-RateLimit-Remaining": "0",
                  "X-RateLimit-Reset": str(reset_at)} if headers else {}
        handler.send(Answer(429, json.dumps(body), fields))
    return apply
