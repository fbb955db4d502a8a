"""Prometheus and Alertmanager as processes on loopback."""

import http.client
import json
import pathlib
import signal
import subprocess
import time
import urllib.parse

from . import tools, waiting
from .process import (LOOPBACK, RUNNING, Process, environment,
                      listening_ports)


class Service(Process):
    """One of the two: its folder holds configuration, data and log."""

    name = ""        # of the executable
    config = ""      # the file's name in the folder
    ready = "/-/ready"
    answers_in = 30

    def __init__(self, config, *flags, folder=None):
        super().__init__(folder)
        self.flags = list(flags)
        if config is not None:
            self.write(config)

    def write(self, config):
        """The configuration as text, or as what is dumped as JSON."""
        text = config if isinstance(config, str) else json.dumps(config)
        pathlib.Path(self.folder, self.config).write_text(text, "utf-8")

    def arguments(self):
        """The flags that every run has."""
        raise NotImplementedError

    def start(self, seconds=30):
        with open(f"{self.folder}/{self.name}.log", "ab") as log:
            self.process = subprocess.Popen(
                [tools.tool(self.name),
                 f"--config.file={self.folder}/{self.config}",
                 f"--web.listen-address={LOOPBACK}",
                 *self.arguments(), *self.flags],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder, env=environment())
        RUNNING.add(self)
        waiting.until(self._is_ready, seconds, f"a ready {self.name}")
        return self

    def _is_ready(self):
        if self.process.poll() is not None:
            raise RuntimeError(
                f"{self.name}: exit status {self.process.returncode}: "
                f"{self.log[-2000:]}")
        for self.port in listening_ports(self.process.pid):
            try:
                return self.get(self.ready).status == 200
            except http.client.HTTPException:
                continue
        return False

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self):
        return pathlib.Path(self.folder, f"{self.name}.log").read_text(
            "utf-8", "replace")

    def get(self, path):
        return self.request("GET", path)

    def post(self, path, document):
        """Send a document as JSON."""
        return self.request("POST", path, {
            "Content-Type": "application/json"}, json.dumps(document))

    def reload(self):
        """Read the configuration again, as SIGHUP does."""
        self.process.send_signal(signal.SIGHUP)


class Prometheus(Service):
    """A Prometheus with its own empty database, unless a folder is given."""

    name = "prometheus"
    config = "prometheus.yml"

    def arguments(self):
        return [f"--storage.tsdb.path={self.folder}/data"]

    def api(self, path, **parameters):
        """The `data` of an answer of `/api/v1`."""
        query = urllib.parse.urlencode(parameters, doseq=True)
        answer = json.loads(self.get(f"/api/v1/{path}?{query}").text)
        assert answer["status"] == "success", (
            f"{answer.get('error')}: {parameters}")
        return answer["data"]

    def query(self, expression, at=None):
        """The samples of an instant query: [(labels, value)]."""
        data = self.api("query", query=expression, time=at or time.time())
        if data["resultType"] == "scalar":
            return [({}, float(data["result"][1]))]
        return [(s["metric"], float(s["value"][1])) for s in data["result"]]

    def value(self, expression, at=None):
        """The value of the one sample there is."""
        found = self.query(expression, at)
        assert len(found) == 1, (
            f"{len(found)} samples of {expression} instead of one")
        return found[0][1]

    def targets(self):
        """The active scrape targets."""
        return self.api("targets", state="active")["activeTargets"]

    def alerts(self, state="firing", **labels):
        """The labels of the alerts in this state with these labels."""
        return [a["labels"] for a in self.api("alerts")["alerts"]
                if a["state"] == state
                and labels.items() <= a["labels"].items()]


class Alertmanager(Service):
    """An Alertmanager of its own, in no cluster."""

    name = "alertmanager"
    config = "alertmanager.yml"

    def start(self, seconds=30):
        templates = pathlib.Path(self.folder, "alertmanager")
        if not templates.exists():
            templates.symlink_to(tools.TOOLS / "alertmanager")
        return super().start(seconds)

    def arguments(self):
        return ["--cluster.listen-address=",
                f"--storage.path={self.folder}/data"]
