"""The arguments of the process: every flag arrives, whatever was preloaded."""

import shutil
import subprocess
import tempfile
import unittest

import vendors
from harness import preload
from harness.agent import Agent, binary, run, write_config
from harness.case import EndToEndCase
from harness.process import environment
from vendors.clock import Clock

# OpenSSL's constructor asks for a variable before Swift's library starts: so
# the environment has moved by then, however the executable is linked.
SOURCE = r"""
#define _GNU_SOURCE
#include <stdlib.h>
__attribute__((constructor)) static void begin(void) {
    setenv("CX_E2E_PRELOADED", "yes", 1);
}
char *secure_getenv(const char *name) {
    begin();
    return getenv(name);
}
"""


class Preloaded(EndToEndCase):
    """A library whose constructor changes the environment is preloaded."""

    def setUp(self):
        library = preload.build("environment", SOURCE)
        if library is None:
            self.skipTest("no C compiler for the library that is preloaded")
        self.env = {"LD_PRELOAD": library}
        self.folder = tempfile.mkdtemp(prefix="cx-e2e-process-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.server_ = self.server(vendors.ExperiaServer)
        self.path = write_config(self.folder, [self.server_.target(
            "support", labels={"loaded": "${CX_E2E_PRELOADED}"},
            cards=[{"card": "CARDTOTALCLOSEDSESSIONS"}])], name="other.yaml")

    def test_texts(self):
        for word, seen in (("--version", "cx_exporter, version"),
                           ("--help", "usage: cx_exporter"),
                           ("-h", "usage: cx_exporter"),
                           ("--help-man", ".TH CX_EXPORTER"),
                           ("--completion-script-bash", "_cx_exporter()")):
            with self.subTest(word=word):
                done = run(word, env=self.env)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertIn(seen, done.stdout)

    def test_commands(self):
        config = f"--config.file={self.path}"
        yesterday = Clock().today().isoformat()
        for arguments, status, seen in (
                (["check", config], 0, "other.yaml: 1 target"),
                (["--config.check", "--config.file", str(self.path)], 0,
                 "other.yaml: 1 target"),
                (["once", config], 0, 'loaded="yes"'),
                (["explore", config, "--target=support",
                  "--card=CARDTOTALCLOSEDSESSIONS"], 0, "column"),
                (["backfill", config, f"--from={yesterday}",
                  f"--to={yesterday}"], 2, "nothing to write"),
                (["--no-such-flag"], 2, "unknown flag --no-such-flag"),
                ([""], 2, 'unknown command ""'),
                (["--config.file", "", "check"], 2, "--config.file is empty")):
            with self.subTest(arguments=arguments):
                done = run(*arguments, env=self.env)
                self.assertEqual(done.returncode, status, done.stderr)
                self.assertIn(seen, done.stdout + done.stderr)

    def test_the_agent(self):
        """`start` compares addresses, configuration and storage folder."""
        agent = Agent(None, f"--config.file={self.path}",
                      f"--storage.path={self.folder}/state",
                      "--web.telemetry-path=/metrics", env=self.env)
        self.addCleanup(agent.close)
        agent.start()
        agent.up("support")
        self.assertTrue(agent.scrape().samples(
            "experia_period_sessions", loaded="yes"))

    def test_the_demo(self):
        agent = Agent(None, command=["demo"], env=self.env)
        self.addCleanup(agent.close)
        agent.start()
        self.assertIn("Four simulated vendors", agent.stdout)


class Arguments(EndToEndCase):

    def test_what_is_no_text(self):
        """A name that would be changed by reading it is refused."""
        done = subprocess.run(
            [binary(), "check", b"--config.file=caf\xe9.yaml"],
            capture_output=True, timeout=20, env=environment(), check=False)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr.decode(),
                         r"argument 2 is not UTF-8 text: .--config\.file=caf")
        self.assertEqual(done.stderr.count(b"\n"), 1)

    def test_many_and_long(self):
        """As long as the kernel takes, and the line about it stays short."""
        long = "x" * 120_000
        done = run("check", f"--config.file=/{long}")
        self.assertEqual(done.returncode, 2)
        done = run(f"--{long}")
        self.assertEqual(done.returncode, 2)
        self.assertLess(len(done.stderr), 1200)
        labels = [f"--label=l{n}=" + "y" * 1000 for n in range(1000)]
        done = run("backfill", *labels, "--from=2026-01-01", "--to=nonsense")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--to=nonsense", done.stderr)

    def test_a_line_break_stays_on_its_line(self):
        done = run("--web.telemetry-path=/a\nb")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr.count("\n"), 1)

    def test_without_proc(self):
        """An error, and not an agent with every default."""
        hidden = ["unshare", "--mount", "--map-root-user", "sh", "-c",
                  'mount -t tmpfs none /proc && exec "$0" "$@"']
        if subprocess.run([*hidden, "true"], capture_output=True, check=False,
                          timeout=20).returncode:
            self.skipTest("this machine lets nobody hide /proc")
        for word in ("--version", "check"):
            with self.subTest(word=word):
                done = subprocess.run(
                    [*hidden, binary(), word], capture_output=True, text=True,
                    timeout=20, env=environment(), check=False)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertEqual(done.stdout, "")
                self.assertRegex(
                    done.stderr, r"^cx_exporter: cannot read the command line "
                    r"from /proc/self/cmdline: No such file or directory; "
                    r"mount /proc\n$")


class Harness(EndToEndCase):
    """`start` fails for an agent whose flags are not those it was given."""

    def test_flags_that_are_not_obeyed(self):
        server = self.server(vendors.ExperiaServer)
        other = self.server(vendors.ExperiaServer)
        agent = self.start_agent([server.target("support")])
        given = list(agent.flags)
        for seen, change in (
                ("nothing listens on", lambda: agent.flags.append(
                    "--web.listen-address=127.0.0.3:0")),
                ("is open", lambda: agent.flags.append(
                    f"--storage.path={agent.folder}/state")),
                ("/config has", lambda: write_config(
                    agent.folder, [other.target("support")]))):
            with self.subTest(seen=seen):
                change()
                with self.assertRaisesRegex(RuntimeError, seen):
                    agent.check_flags()
                agent.flags = list(given)

    def test_it_finds_no_configuration_by_itself(self):
        agent = Agent([])
        self.addCleanup(agent.close)
        agent.flags = []
        with self.assertRaisesRegex(RuntimeError, "config.yaml: cannot be re"):
            agent.start()


if __name__ == "__main__":
    unittest.main()
