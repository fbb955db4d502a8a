"""The exporter as a process: start, scrape, read its log, end."""

import atexit
import gzip
import http.client
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile

from . import waiting, yaml
from .exposition import OPENMETRICS, TEXT, Exposition

ROOT = pathlib.Path(__file__).resolve().parents[3]
LOOPBACK = "127.0.0.1:0"
RUNNING = set()


def binary():
    """The executable under test."""
    given = os.environ.get("CX_EXPORTER")
    candidates = [pathlib.Path(given)] if given else [
        ROOT / ".build" / kind / "cx_exporter" for kind in
        ("debug", "release")]
    for path in candidates:
        if path.is_file():
            return str(path.resolve())
    raise AssertionError(
        f"no executable at {' or '.join(map(str, candidates))}: build it, or "
        "set CX_EXPORTER to its path")


def environment(**extra):
    """The environment without proxies, which loopback must not meet."""
    kept = {name: value for name, value in os.environ.items()
            if not name.lower().endswith("_proxy")}
    return {**kept, **extra}


def run(*arguments, timeout=60, cwd=None, env=None):
    """A command that ends by itself: its exit status and both streams."""
    return subprocess.run(
        [binary(), *arguments], capture_output=True, text=True,
        timeout=timeout, cwd=cwd, stdin=subprocess.DEVNULL,
        env=environment(**(env or {})), check=False)


def write_config(folder, targets, defaults=None, name="config.yaml"):
    """Write a configuration, closed to others, and return its path."""
    path = pathlib.Path(folder) / name
    document = {"defaults": defaults} if defaults else {}
    path.write_text(yaml.dump({**document, "targets": targets}), "utf-8")
    path.chmod(0o600)
    return path


def write_secret(folder, name, text):
    path = pathlib.Path(folder) / name
    path.write_text(text + "\n", "utf-8")
    path.chmod(0o600)
    return name


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


class Agent:
    """A running exporter; its folder holds configuration, ledger and log."""

    FAST = {"interval": "1s", "timeout": "2s"}

    def __init__(self, targets=None, *flags, defaults=None, command=(),
                 folder=None, env=None):
        self.own_folder = folder is None
        self.folder = folder or tempfile.mkdtemp(prefix="cx-e2e-")
        self.flags = list(flags)
        self.command = list(command)
        self.env = env or {}
        self.process = None
        self.port = None
        if targets is not None:
            write_config(self.folder, targets, {**self.FAST,
                                                **(defaults or {})})
            self.flags.append(f"--config.file={self.folder}/config.yaml")

    # The process

    def start(self, wait=True):
        waiting.away_from_the_hour()
        with open(f"{self.folder}/stdout", "ab") as out, \
                open(f"{self.folder}/stderr", "ab") as err:
            self.process = subprocess.Popen(
                [binary(), *self.command,
                 f"--web.listen-address={LOOPBACK}", *self.flags],
                stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                cwd=self.folder, env=environment(**self.env))
        RUNNING.add(self)
        if wait:
            self.port = waiting.until(self._find_port, 20,
                                      "a listening /metrics")
        return self

    def _find_port(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"exit status {self.process.returncode}: "
                               f"{self.log[-2000:]}")
        for port in listening_ports(self.process.pid):
            self.port = port
            try:
                if "cx_exporter_build_info" in self.get("/metrics").text:
                    return port
            except (OSError, http.client.HTTPException):
                continue
        return None

    def stop(self, seconds=6):
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

    def alive(self):
        return self.process.poll() is None

    def memory(self, field="VmHWM"):
        """Bytes of VmRSS, VmHWM, … of /proc/PID/status."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as f:
            for line in f:
                if line.startswith(field + ":"):
                    return int(line.split()[1]) * 1024
        raise AssertionError(f"no {field} of process {self.process.pid}")

    @property
    def log(self):
        return self._read("stderr")

    @property
    def stdout(self):
        return self._read("stdout")

    def _read(self, name):
        path = pathlib.Path(self.folder) / name
        return path.read_text("utf-8", "replace") if path.exists() else ""

    # HTTP

    def request(self, method, path, headers=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                timeout=10)
        try:
            connection.request(method, path, body, headers or {})
            return Response(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, **headers):
        fields = {k.replace("_", "-"): v for k, v in headers.items()}
        return self.request("GET", path, fields)

    def raw(self, text):
        """Send raw bytes, return everything up to the connection's end."""
        with socket.create_connection(("127.0.0.1", self.port), 10) as peer:
            peer.sendall(text.encode("latin-1"))
            return b"".join(iter(lambda: peer.recv(65536), b""))

    def scrape(self, openmetrics=False, path="/metrics"):
        answer = self.get(path, Accept=OPENMETRICS if openmetrics else TEXT)
        assert answer.status == 200, f"{path}: {answer.status} {answer.text}"
        return Exposition(answer.text, openmetrics)

    def scrape_when(self, condition, seconds=20, what="the scrape"):
        """The first scrape for which `condition` is true."""
        def attempt():
            scrape = self.scrape()
            return scrape if condition(scrape) else None
        return waiting.until(attempt, seconds, what)

    def up(self, *names, value=1, seconds=20):
        """Wait until each of these targets is up (or down)."""
        return self.scrape_when(
            lambda s: all(
                s.value("cx_exporter_target_up", target=name) == value
                for name in names),
            seconds, f"cx_exporter_target_up {value} of {', '.join(names)}")


def listening_ports(pid):
    """The TCP ports on which a process listens."""
    inodes = set()
    for fd in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            link = os.readlink(fd)
        except OSError:
            continue
        if link.startswith("socket:["):
            inodes.add(link[8:-1])
    ports = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in pathlib.Path(table).read_text("ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                ports.append(int(fields[1].rsplit(":", 1)[1], 16))
    return ports


@atexit.register
def end_all():
    """Whatever a failed test left running is ended by its own id."""
    for agent in list(RUNNING):
        agent.close()
