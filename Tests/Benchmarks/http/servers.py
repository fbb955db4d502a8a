"""The servers that are measured, each a process on a core of its own choosing.

All of them serve the same exposition: the agent's, as it answers it.
"""

import gzip
import http.client
import json
import os
import pathlib
import socket
import subprocess
import sys
import time

from harness import waiting
from harness.agent import environment, write_config
from prometheus_client import parser

HERE = pathlib.Path(__file__).resolve().parent
# The fields of a scrape by Prometheus that asks for the text format.
ACCEPT = "text/plain;version=0.0.4"
TICKS = os.sysconf("SC_CLK_TCK")


class Cores:
    """One core for the server that is measured, another for everything else."""

    def __init__(self):
        usable = sorted(os.sched_getaffinity(0))
        if len(usable) < 2:
            sys.exit("two cores are needed: one for the server and one for "
                     "the load generator")
        self.server, self.load = usable[:2]
        os.sched_setaffinity(0, {self.load})


class Server:
    """A process that answers /metrics."""

    name = ""
    # Pages of other processes: nginx's worker does the work, not its master.
    has_workers = False

    def __init__(self, folder, core):
        self.folder = pathlib.Path(folder)
        self.core = core
        self.port = free_port()
        self.process = None

    def command(self):
        """The program and its arguments."""
        raise NotImplementedError

    def environment(self):
        return environment()

    def start(self):
        """Start it; it may not answer yet."""
        command, env = self.command(), self.environment()
        with open(self.folder / f"{self.name}.log", "ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder, env=env,
                preexec_fn=lambda: os.sched_setaffinity(0, {self.core}))
        return self

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        if self.process:
            self.process.wait()

    def get(self, coding="identity", accept=ACCEPT):
        """One scrape: the body as it came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                timeout=120)
        try:
            connection.request("GET", "/metrics", headers={
                "Accept": accept, "Accept-Encoding": coding})
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise AssertionError(f"{self.name}: {answer.status} {body[:200]}")
        found = answer.headers.get("Content-Encoding", "identity")
        if found != coding:
            raise AssertionError(
                f"{self.name}: asked for {coding}, answered in {found}")
        return body

    def await_answer(self, seconds=60):
        """The first good answer."""
        def attempt():
            if self.process.poll() is not None:
                log = (self.folder / f"{self.name}.log").read_text()
                sys.exit(f"{self.name} ended: {log[-2000:]}")
            return self.get()
        return waiting.until(attempt, seconds, f"an answer of {self.name}")

    def first_answer(self):
        """Seconds from the start of the process to its first whole answer."""
        begin = time.perf_counter()
        self.start()
        while True:
            try:
                self.get()
                return time.perf_counter() - begin
            except OSError:
                if time.perf_counter() - begin > 20:
                    raise
                time.sleep(0.0005)

    # Use

    def processes(self):
        """The ids of the processes that serve."""
        pid = self.process.pid
        if not self.has_workers:
            return [pid]
        path = f"/proc/{pid}/task/{pid}/children"
        return [int(word) for word in
                pathlib.Path(path).read_text("ascii").split()]

    def cpu(self):
        """Seconds of CPU spent so far, in user code and in the kernel."""
        total = 0
        for pid in self.processes():
            text = pathlib.Path(f"/proc/{pid}/stat").read_text("ascii")
            fields = text.rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def memory(self, field="VmRSS"):
        """Bytes of a line of proc_pid_status(5)."""
        total = 0
        pids = {self.process.pid, *self.processes()}
        for pid in pids:
            status = pathlib.Path(f"/proc/{pid}/status").read_text("ascii")
            [line] = [line for line in status.splitlines()
                      if line.startswith(field + ":")]
            total += int(line.split()[1]) * 1024
        return total


class Agent(Server):
    """cx_exporter with its configuration."""

    name = "cx_exporter"

    def __init__(self, folder, core, targets, defaults=None):
        super().__init__(folder, core)
        self.config = write_config(self.folder, targets, defaults)

    def command(self):
        return [os.environ["CX_EXPORTER"], f"--config.file={self.config}",
                f"--web.listen-address=127.0.0.1:{self.port}",
                "--log.level=warn"]


class Nginx(Server):
    """nginx with the agent's bytes in files."""

    name = "nginx"
    has_workers = True

    def __init__(self, folder, core, identity, zipped):
        super().__init__(folder, core)
        root = self.folder / "nginx"
        root.mkdir(exist_ok=True)
        # The worker may run as another user than the one who measures.
        self.folder.chmod(0o755)
        (root / "metrics").write_bytes(identity)
        (root / "metrics.gz").write_bytes(zipped)
        user = "user root;\n" if os.geteuid() == 0 else ""
        template = (HERE / "nginx.conf").read_text("utf-8")
        (self.folder / "nginx.conf").write_text(
            user + template.replace("PORT", str(self.port))
            .replace("ROOT", str(root)), "utf-8")

    def command(self):
        return [os.environ["CX_NGINX"], "-p", str(self.folder),
                "-e", str(self.folder / "nginx.log"),
                "-c", str(self.folder / "nginx.conf")]


class Promhttp(Server):
    """client_golang with a gauge for each series."""

    name = "client_golang"

    def command(self):
        return [os.environ["CX_PROMHTTP"], str(self.folder / "families.json"),
                f"127.0.0.1:{self.port}"]


class PythonClient(Server):
    """prometheus_client with a gauge for each series."""

    name = "prometheus_client"

    def command(self):
        return [sys.executable, str(HERE / "client_python.py"),
                str(self.folder / "families.json"), str(self.port)]


def write_families(folder, text):
    """The exposition's series for the client libraries, a gauge each."""
    families = []
    for family in parser.text_string_to_metric_families(text.decode("utf-8")):
        by_name = {}
        for sample in family.samples:
            by_name.setdefault(sample.name, []).append(sample)
        for name, samples in by_name.items():
            labels = list(samples[0].labels)
            families.append({
                "name": name, "help": family.documentation, "labels": labels,
                "samples": [[[s.labels[label] for label in labels], s.value]
                            for s in samples]})
    path = pathlib.Path(folder) / "families.json"
    path.write_text(json.dumps(families), "utf-8")
    return sum(len(family["samples"]) for family in families)


def lines(body, coding):
    """How many samples a body has."""
    text = gzip.decompress(body) if coding == "gzip" else body
    return sum(1 for line in text.split(b"\n")
               if line and not line.startswith(b"#"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
