"""The README's tables against what the demo serves."""

import pathlib
import re
import shutil
import tempfile
import unittest

from harness.agent import Agent, run

README = pathlib.Path(__file__).resolve().parents[2] / "README.md"
# Served only while something has gone wrong, or with a flag.
CONDITIONAL = {"cx_exporter_backoff_until_timestamp_seconds",
               "cx_exporter_storage_errors_total",
               # For cards that are objects; the documents show none.
               "experia_card_value"}

WRONG = """\
targets:
  - name: support
    vendor: experia
    url: https://api.experiaapp.com
    api_key: "${EXPERIA_KEY}"
    intervall: 1m
    periods: [daily, hourly]
    sla:
      response: {threshold: 30, objective: 90}
"""


class Readme(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.text = README.read_text("utf-8")

    def test_every_family_is_in_a_table_and_nothing_else(self):
        agent = Agent(None, command=["demo"])
        self.addCleanup(agent.close)
        agent.start()
        agent.scrape_when(
            lambda s: len({x.labels["vendor"] for x in
                           s.samples("cx_exporter_target_up")
                           if x.value == 1}) == 4, 60, "all four vendors up")
        served = set(re.findall(r"^# TYPE (\S+)", agent.get("/metrics").text,
                                re.MULTILINE))
        rows = "\n".join(line for line in self.text.splitlines()
                         if line.startswith("|"))
        told = set(re.findall(
            r"`((?:experia|samespace|rocketchat|kore|cx_exporter|process)"
            r"_[a-z_]+)[`{]", rows))
        self.assertEqual(served - told, set(), "not in the README")
        self.assertEqual(told - served - CONDITIONAL, set(), "not served")

    def test_help(self):
        self.assertIn(run("--help").stdout.strip(), self.text)

    def check(self, *flags):
        """The pasted output is what the repository's example gives."""
        with tempfile.TemporaryDirectory() as folder:
            secrets = pathlib.Path(folder, "secrets")
            secrets.mkdir(0o700)
            shutil.copy(README.parent / "config.yaml", folder)
            for name in ("experia.key", "samespace.key", "rocketchat.token",
                         "kore.secret"):
                (secrets / name).write_text("a-secret-of-a-test\n", "utf-8")
                (secrets / name).chmod(0o600)
            done = run("check", *flags, cwd=folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn(done.stdout.strip(), self.text)

    def test_check(self):
        self.check("--config.file=config.yaml")

    def test_check_of_a_shard(self):
        self.check("--shard=1/2")

    def test_errors(self):
        """The pasted errors are what their example gives."""
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "config.yaml").write_text(WRONG, "utf-8")
            done = run("check", "--config.file=config.yaml", cwd=folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn(done.stderr.strip(), self.text)
