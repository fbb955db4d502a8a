"""The exporter as a process: start, scrape, read its log, end."""

import http.client
import ipaddress
import os
import pathlib
import re
import socket
import subprocess

from . import waiting, yaml
from .exposition import OPENMETRICS, TEXT, Exposition
from .process import (LOOPBACK, RUNNING, Process, environment,
                      listening_addresses, listening_ports)

# What runs here and has lost its flags finds no `config.yaml`.
ELSEWHERE = "/"
ROOT = pathlib.Path(__file__).resolve().parents[3]


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


def run(*arguments, timeout=60, cwd=None, env=None):
    """A command that ends by itself: its exit status and both streams."""
    return subprocess.run(
        [binary(), *arguments], capture_output=True, text=True,
        timeout=timeout, cwd=cwd or ELSEWHERE, stdin=subprocess.DEVNULL,
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


# A target's address in a configuration, in block or flow style.
URL = re.compile(r"^[^#\n]*\burl: *[\"']?(\$?[^\s,\"'}]+)", re.MULTILINE)


class Agent(Process):
    """A running exporter; its folder holds configuration, ledger and log.

    `start` fails if it does not have the flags it was given.
    """

    FAST = {"interval": "1s", "timeout": "2s"}

    def __init__(self, targets=None, *flags, defaults=None, command=(),
                 folder=None, env=None):
        super().__init__(folder)
        self.flags = list(flags)
        self.command = list(command)
        self.env = env or {}
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
                cwd=ELSEWHERE, env=environment(**self.env))
        RUNNING.add(self)
        if wait:
            self.port = waiting.until(self._find_port, 20,
                                      "a listening /metrics")
            self.check_flags()
        return self

    # The flags

    def given(self, name):
        """The values that a flag was given."""
        words = [*self.command, *self.flags]
        return [word.split("=", 1)[1] for word in words
                if word.startswith(f"--{name}=")] + [
            value for word, value in zip(words, words[1:])
            if word == f"--{name}"]

    def check_flags(self):
        """That the agent has the flags it was given, and no default instead:
        the listening addresses, the configuration, the storage folder."""
        wrong = [*self._wrong_addresses(), *self._wrong_storage(),
                 *self._wrong_configuration()]
        if wrong:
            # Not an AssertionError, which `waiting.until` would wait out.
            raise RuntimeError("the agent does not have its flags: "
                               + "; ".join(wrong) + self.log[-2000:])

    def _wrong_addresses(self):
        if "--web.systemd-socket" in self.flags:
            return []
        wanted = [value.rsplit(":", 1) for value in
                  [LOOPBACK, *self.given("web.listen-address")]
                  if not value.startswith("unix:")]
        bound = listening_addresses(self.process.pid)
        rest = list(bound)
        for host, port in wanted:
            host = str(ipaddress.ip_address(host.strip("[]") or "::"))
            found = next((b for b in rest if b[0] == host and
                          port in ("0", str(b[1]))), None)
            if found is None:
                return [f"nothing listens on {host}:{port}, but {bound}"]
            rest.remove(found)
        # The demo's simulated vendors listen as well.
        if not rest or self.command == ["demo"]:
            return []
        return [f"something listens on {rest}"]

    def _wrong_storage(self):
        folders = [os.path.realpath(f) for f in self.given("storage.path")]
        if not folders or self.command == ["demo"]:
            return []
        held = set()
        for name in os.listdir(f"/proc/{self.process.pid}/fd"):
            try:
                held.add(os.readlink(f"/proc/{self.process.pid}/fd/{name}"))
            except OSError:
                continue
        if any(link.startswith(folders[-1]) for link in held):
            return []
        return [f"no file of {folders[-1]} is open, but {sorted(held)}"]

    def _wrong_configuration(self):
        files = self.given("config.file")
        # What asks for a certificate or a password has read its web file.
        if not files or self.command == ["demo"] or (
                self.given("web.config.file")):
            return []
        text = pathlib.Path(files[-1]).read_text("utf-8")
        wanted, shown = (sorted(URL.findall(t)) for t in
                         (text, self.get("/config").text))
        if wanted == shown:
            return []
        return [f"/config has {shown}, {files[-1]} has {wanted}"]

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
        return super().stop(seconds)

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
