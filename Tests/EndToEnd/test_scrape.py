"""The README's scrape configurations, each run by Prometheus as it stands.

Only the agent's address and the folder of the files are put in, and a second
for the scrape interval.
"""

import pathlib
import re
import subprocess

import yaml

import vendors
from harness import tools, waiting
from harness.agent import ROOT, Agent, listening_ports
from harness.case import EndToEndCase
from harness.prometheus import Prometheus
from test_web_config import PASSWORD, bcrypt

ADDRESS = "cx-exporter.example.com:10067"
NAMES = ["support", "voice", "chat", "bot"]
UP = "cx_exporter_target_up == 1"


def configurations():
    """The code blocks of the README's section."""
    text = (ROOT / "README.md").read_text("utf-8")
    section = re.search(r"^### Scrape configurations$(.*?)^### ", text,
                        re.MULTILINE | re.DOTALL)[1]
    return re.findall(r"^```yaml\n(.*?)^```$", section,
                      re.MULTILINE | re.DOTALL)


class Scrape(EndToEndCase):

    def agent(self, *flags, **options):
        servers = [self.server(kind) for kind in vendors.ALL]
        agent = Agent([
            server.target(name, **({"labels": {"brand": "acme"}}
                                   if name == "support" else {}))
            for name, server in zip(NAMES, servers)], *flags, **options)
        self.addCleanup(agent.close)
        return agent

    def scraping(self, text, port):
        """A Prometheus with a configuration of the README."""
        prometheus = Prometheus(None)
        self.addCleanup(prometheus.close)
        text = text.replace(ADDRESS, f"127.0.0.1:{port}").replace(
            "/etc/prometheus", prometheus.folder)
        prometheus.write({"global": {"scrape_interval": "1s"},
                          **yaml.safe_load(text)})
        return prometheus

    def check(self, prometheus, jobs):
        """Every target is up; {job: instances} is what `up` has."""
        status, text = tools.promtool(
            "check", "config", f"{prometheus.folder}/prometheus.yml")
        self.assertEqual(status, 0, text)
        prometheus.start()
        waiting.until(lambda: len(prometheus.query(UP)) == len(NAMES), 40,
                      "all targets up, each once")
        waiting.until(lambda: prometheus.query("cx_exporter_build_info")
                      and prometheus.query(
                          "cx_exporter_rate_limit_requests"), 20,
                      "the agent's own families")
        found = {}
        for labels, value in prometheus.query("up"):
            self.assertEqual(value, 1, labels)
            found.setdefault(labels["job"], set()).add(labels["instance"])
        self.assertEqual(found, jobs)
        self.assertEqual(
            {labels["target"] for labels, _ in prometheus.query(UP)},
            set(NAMES))
        # No label had to make way for another, and no series comes twice.
        for labels, _ in prometheus.query(
                '{__name__=~"experia_.+|cx_exporter_.+"}'):
            self.assertEqual([n for n in labels if n.startswith("exported_")],
                             [], labels)
        self.assertEqual(
            [labels["brand"] for labels, _ in prometheus.query(
                "experia_period_messages{period='daily'}")], ["acme"])

    def test_there_are_four(self):
        self.assertEqual(len(configurations()), 4)

    def test_plain(self):
        agent = self.agent().start()
        agent.up(*NAMES)
        prometheus = self.scraping(configurations()[0], agent.port)
        self.check(prometheus, {"cx": {f"127.0.0.1:{agent.port}"}})

    def test_tls_and_basic_authentication(self):
        agent = self.agent()
        folder = agent.folder
        pathlib.Path(folder, "web.yaml").write_text(
            "tls_server_config: {cert_file: cert.pem, key_file: key.pem}\n"
            f'basic_auth_users: {{prometheus: "{bcrypt(PASSWORD)}"}}\n',
            "utf-8")
        pathlib.Path(folder, "web.yaml").chmod(0o600)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", "/CN=agent",
             "-addext", "subjectAltName=DNS:cx-exporter.example.com",
             "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"],
            check=True, capture_output=True)
        pathlib.Path(folder, "key.pem").chmod(0o600)
        agent.flags.append(f"--web.config.file={folder}/web.yaml")
        agent.start(wait=False)
        port = waiting.until(lambda: listening_ports(agent.process.pid), 20,
                             "a listener")[0]
        prometheus = self.scraping(configurations()[1], port)
        certificate = pathlib.Path(folder, "cert.pem").read_text("ascii")
        for name, text in (("cx_exporter.ca.pem", certificate),
                           ("cx_exporter.password", PASSWORD)):
            pathlib.Path(prometheus.folder, name).write_text(text, "ascii")
        self.check(prometheus, {"cx": {f"127.0.0.1:{port}"}})

    def test_a_scrape_per_target(self):
        agent = self.agent().start()
        agent.up(*NAMES)
        for number, text in enumerate(configurations()[2:], 3):
            with self.subTest(configuration=number):
                prometheus = self.scraping(text, agent.port)
                self.check(prometheus, {
                    "cx-targets": set(NAMES),
                    "cx": {f"127.0.0.1:{agent.port}"}})
                prometheus.stop()
