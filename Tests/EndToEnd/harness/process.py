"""A process with a folder of its own, which is asked over HTTP."""

import atexit
import gzip
import http.client
import ipaddress
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

LOOPBACK = "127.0.0.1:0"
RUNNING = set()


def environment(**extra):
    """The environment without proxies, which loopback must not meet."""
    kept = {name: value for name, value in os.environ.items()
            if not name.lower().endswith("_proxy")}
    return {**kept, **extra}


class Response:
    """An HTTP answer, read to its end."""

    def __init__(self, raw):
        self.status = raw.status
        self.headers = raw.headers
        self.body = raw.read()

    @property
    def text(self):
        body = self.body
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        return body.decode("utf-8")


class Process:
    """What all have: a folder, an end, and a port that is asked."""

    answers_in = 10  # seconds, at most

    def __init__(self, folder=None):
        self.own_folder = folder is None
        self.folder = folder or tempfile.mkdtemp(prefix="cx-e2e-")
        self.process = None
        self.port = None

    def start(self):
        """Start it, wait until it answers and return it."""
        raise NotImplementedError

    def stop(self, seconds=10):
        """SIGTERM, then SIGKILL; returns the exit status."""
        RUNNING.discard(self)
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.process.wait()

    def close(self):
        self.stop()
        if self.own_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()

    def request(self, method, path, headers=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                timeout=self.answers_in)
        try:
            connection.request(method, path, body, headers or {})
            return Response(connection.getresponse())
        finally:
            connection.close()


def listening_ports(pid):
    """The TCP ports on which a process listens."""
    return [port for _, port in listening_addresses(pid)]


def listening_addresses(pid):
    """The TCP addresses on which a process listens: host and port."""
    inodes = set()
    for fd in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            link = os.readlink(fd)
        except OSError:
            continue
        if link.startswith("socket:["):
            inodes.add(link[8:-1])
    found = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in pathlib.Path(table).read_text("ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                host, port = fields[1].rsplit(":", 1)
                found.append((address(host), int(port, 16)))
    return found


def address(digits):
    """An address of /proc/net/tcp: words of 32 bits in the machine's order."""
    words = [int(digits[at:at + 8], 16) for at in range(0, len(digits), 8)]
    raw = b"".join(word.to_bytes(4, sys.byteorder) for word in words)
    return str(ipaddress.ip_address(raw))


@atexit.register
def end_all():
    """Whatever a failed test left running is ended by its own id."""
    for process in list(RUNNING):
        process.close()
