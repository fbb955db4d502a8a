"""Sockets, notifications and units: what systemd passes and is told."""

import http.client
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import vendors
from harness import waiting
from harness.agent import (ROOT, RUNNING, Agent, binary, environment, run,
                           write_config)
from harness.case import EndToEndCase
from vendors import faults

UNITS = ROOT / "systemd"


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=10)
        self.unix_path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(10)
        self.sock.connect(self.unix_path)


def get(connection, path="/metrics"):
    """The status and the text of one answer."""
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


class SystemdCase(EndToEndCase):

    def setUp(self):
        self.vendor = self.server(vendors.ExperiaServer)
        self.folder = tempfile.mkdtemp(prefix="cx-e2e-")
        self.addCleanup(shutil.rmtree, self.folder, True)

    def start(self, *flags, env=None, pass_fds=(), prelude="", targets=None):
        """Starts the agent as systemd does: `prelude` runs in the process
        itself, before the program takes its place."""
        # Written once: another agent of the same test may be reading it.
        config = pathlib.Path(self.folder, "config.yaml")
        if not config.exists():
            write_config(self.folder,
                         targets or [self.vendor.target("support")],
                         Agent.FAST)
        agent = Agent(folder=self.folder)
        script = ("import os, sys\n" + prelude
                  + "\nos.execv(sys.argv[1], sys.argv[1:])\n")
        with open(f"{self.folder}/stderr", "ab") as err:
            agent.process = subprocess.Popen(
                [sys.executable, "-c", script, binary(),
                 f"--config.file={config}", *flags],
                stdin=subprocess.DEVNULL, stdout=err, stderr=err,
                cwd="/", pass_fds=pass_fds,
                env=environment(**(env or {})))
        RUNNING.add(agent)
        self.addCleanup(agent.close)
        return agent

    def ends_well(self, agent):
        agent.process.send_signal(signal.SIGTERM)
        self.assertEqual(agent.process.wait(10), 0, agent.log)


class UnixSockets(SystemdCase):

    def test_beside_tcp(self):
        """Both answer; the file goes with the process, its lock with it."""
        path = f"{self.folder}/http.sock"
        agent = self.start_agent([self.vendor.target("support")],
                                 f"--web.listen-address=unix://{path}")
        self.assertEqual(get(UnixConnection(path))[0], 200)
        self.assertEqual(agent.get("/-/healthy").status, 200)
        self.assertIn(f"unix://{path}", agent.log)
        self.ends_well(agent)
        self.assertFalse(os.path.lexists(path))

    def test_left_by_a_killed_process(self):
        path = f"{self.folder}/http.sock"
        flag = f"--web.listen-address=unix://{path}"
        first = self.start(flag)
        waiting.until(lambda: get(UnixConnection(path))[0] == 200)
        first.process.kill()
        first.process.wait()
        self.assertTrue(os.path.lexists(path))
        second = self.start(flag)
        waiting.until(lambda: get(UnixConnection(path))[0] == 200)
        # A third one does not take it from the second.
        third = self.start(flag)
        self.assertEqual(third.process.wait(20), 1)
        self.assertIn(f"cannot listen on unix://{path}: Address already in "
                      "use; another process has the socket", third.log)
        self.assertEqual(get(UnixConnection(path))[0], 200)
        self.ends_well(second)
        self.assertFalse(os.path.lexists(path))

    def test_many_at_once(self):
        """Of several that start over a stale file one wins, and keeps it."""
        path = f"{self.folder}/http.sock"
        with socket.socket(socket.AF_UNIX) as stale:
            stale.bind(path)
        agents = [self.start(f"--web.listen-address=unix://{path}")
                  for _ in range(4)]
        waiting.until(lambda: sum(not a.alive() for a in agents) == 3, 30,
                      "three of four giving up")
        left = [a for a in agents if a.alive()]
        waiting.until(lambda: get(UnixConnection(path))[0] == 200)
        self.assertEqual({a.process.returncode for a in agents
                          if a not in left}, {1})
        self.ends_well(left[0])


class PassedSockets(SystemdCase):

    # The child's end of sd_listen_fds(3): the descriptors from 3 on, and the
    # id that only the child knows.
    PRELUDE = """
for place, descriptor in enumerate({descriptors}):
    os.dup2(descriptor, 100 + place)
for place in range({count}):
    os.dup2(100 + place, 3 + place)
    os.close(100 + place)
os.environ["LISTEN_PID"] = str(os.getpid())
"""

    def activated(self, listeners, *flags, names=None, prelude=None):
        descriptors = [x.fileno() for x in listeners]
        env = {"LISTEN_FDS": str(len(listeners))}
        if names:
            env["LISTEN_FDNAMES"] = ":".join(names)
        return self.start(
            *flags, env=env, pass_fds=descriptors,
            prelude=(prelude or self.PRELUDE).format(
                descriptors=descriptors, count=len(descriptors)))

    def listeners(self):
        """Two TCP sockets and a Unix one, as a .socket unit binds them."""
        path = f"{self.folder}/passed.sock"
        unix = socket.socket(socket.AF_UNIX)
        unix.bind(path)
        unix.listen()
        found = [socket.create_server(("127.0.0.1", 0)),
                 socket.create_server(("127.0.0.1", 0)), unix]
        for listener in found:
            self.addCleanup(listener.close)
        return found, path

    def test_several(self):
        listeners, path = self.listeners()
        agent = self.activated(listeners, "--web.systemd-socket",
                               names=["a.socket", "b.socket", "b.socket"])
        for listener in listeners[:2]:
            host, port = listener.getsockname()
            connection = http.client.HTTPConnection(host, port, timeout=10)
            status, text = get(connection)
            self.assertEqual(status, 200)
            self.assertIn("cx_exporter_build_info", text)
        self.assertEqual(get(UnixConnection(path))[0], 200)
        # Close-on-exec, and nothing of the protocol is left to children.
        for descriptor in (3, 4, 5):
            text = pathlib.Path(
                f"/proc/{agent.process.pid}/fdinfo/{descriptor}").read_text()
            flags = int(re.search(r"flags:\s*(\d+)", text)[1], 8)
            self.assertTrue(flags & os.O_CLOEXEC, text)
        self.ends_well(agent)
        # It is systemd's to remove.
        self.assertTrue(os.path.lexists(path))

    def test_a_restart_loses_no_scrape(self):
        """Who connects between two processes is answered by the second."""
        listeners, _ = self.listeners()
        address = listeners[0].getsockname()
        first = self.activated(listeners, "--web.systemd-socket")
        get(http.client.HTTPConnection(*address, timeout=10))
        self.ends_well(first)
        waits = http.client.HTTPConnection(*address, timeout=20)
        waits.request("GET", "/-/healthy")
        self.activated(listeners, "--web.systemd-socket")
        self.assertEqual(waits.getresponse().status, 200)
        waits.close()

    def test_none_passed(self):
        for name, env, prelude, seen in (
                ("no variables", {}, "", "LISTEN_FDS is not set"),
                ("another process", {"LISTEN_FDS": "1", "LISTEN_PID": "1"},
                 "", "LISTEN_PID is 1"),
                ("not open", {"LISTEN_FDS": "1"},
                 "os.environ['LISTEN_PID'] = str(os.getpid())",
                 "descriptor 3 (unknown): ")):
            with self.subTest(case=name):
                agent = self.start("--web.systemd-socket", env=env,
                                   prelude=prelude)
                self.assertEqual(agent.process.wait(20), 1)
                self.assertIn(seen, agent.log)

    def test_not_asked_for(self):
        """Passed sockets without the flag are left alone, and told of."""
        listeners, _ = self.listeners()
        agent = self.activated(listeners,
                               "--web.listen-address=127.0.0.1:0")
        waiting.until(lambda: "msg=listening" in agent.log)
        self.assertIn("not used without --web.systemd-socket", agent.log)

    def test_an_address_besides(self):
        listeners, _ = self.listeners()
        agent = self.activated(listeners, "--web.systemd-socket",
                               "--web.listen-address=127.0.0.1:0")
        waiting.until(lambda: "msg=listening" in agent.log)
        self.assertIn("--web.listen-address is not used", agent.log)


class Manager:
    """A service manager's datagram socket."""

    def __init__(self, address):
        self.address = address
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + address[1:] if address[0] == "@" else address)
        self.socket.settimeout(20)

    def next(self):
        """The next message as a dictionary, and when it came."""
        lines = self.socket.recv(4096).decode().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def until(self, name, value=None):
        """Messages up to one that has this variable."""
        seen = []
        while True:
            seen.append(self.next())
            if name in seen[-1] and value in (None, seen[-1][name]):
                return seen


class Notifications(SystemdCase):

    def manager(self, address):
        manager = Manager(address)
        self.addCleanup(manager.socket.close)
        return manager

    def notified(self, manager, *flags, watchdog=None, **options):
        env = {"NOTIFY_SOCKET": manager.address}
        if watchdog:
            env["WATCHDOG_USEC"] = str(int(watchdog * 1e6))
        return self.start("--web.listen-address=127.0.0.1:0", *flags,
                          env=env, **options)

    def test_from_start_to_end(self):
        for kind, address in (("path", f"{self.folder}/notify"),
                              ("abstract", f"@cx-e2e-{os.getpid()}")):
            with self.subTest(kind=kind):
                manager = self.manager(address)
                agent = self.notified(manager)
                self.assertEqual(manager.next(), {
                    "READY": "1", "STATUS": "0 of 1 targets up"})
                # Ready means that the listener was there before.
                self.assertIn("msg=listening", agent.log)
                manager.until("STATUS", "1 of 1 targets up")
                agent.process.send_signal(signal.SIGTERM)
                self.assertIn("STOPPING", manager.until("STOPPING")[-1])
                self.assertEqual(agent.process.wait(10), 0)

    def test_never_ready_where_the_start_fails(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            manager = self.manager(f"@cx-e2e-fails-{os.getpid()}")
            agent = self.notified(
                manager, "--web.listen-address=127.0.0.1:%d"
                % taken.getsockname()[1])
            self.assertEqual(agent.process.wait(20), 1)
        manager.socket.setblocking(False)
        with self.assertRaises(BlockingIOError):
            manager.next()

    def test_a_signal_as_soon_as_it_is_ready(self):
        """It is not lost while the rest of the agent starts."""
        for number in range(10):
            manager = self.manager(f"@cx-e2e-soon-{number}-{os.getpid()}")
            agent = self.notified(manager)
            manager.until("READY")
            self.ends_well(agent)

    def test_reloading(self):
        """By signal and by request; one that fails ends in READY as well."""
        manager = self.manager(f"@cx-e2e-reload-{os.getpid()}")
        agent = self.notified(manager, "--web.enable-lifecycle")
        manager.until("READY")
        agent.port = waiting.until(agent._find_port)

        def by_signal():
            agent.process.send_signal(signal.SIGHUP)

        def by_request():
            agent.request("POST", "/-/reload")

        def fails():
            path = pathlib.Path(self.folder, "config.yaml")
            path.write_text("targets: [", "utf-8")
            by_signal()

        for how, seen in ((by_signal, ""), (by_request, ""),
                          (fails, "; the last reload failed: see the log")):
            with self.subTest(how=how.__name__):
                before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
                how()
                message = manager.until("RELOADING")[-1]
                self.assertEqual(message["RELOADING"], "1")
                now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
                self.assertTrue(
                    before <= int(message["MONOTONIC_USEC"]) <= now)
                ready = manager.until("READY")[-1]
                self.assertTrue(ready["STATUS"].endswith(f"up{seen}"),
                                ready)

    def test_watchdog(self):
        """Signs of life come in time, and none while the process is held."""
        manager = self.manager(f"@cx-e2e-dog-{os.getpid()}")
        agent = self.notified(manager, watchdog=3)
        manager.until("WATCHDOG")
        for _ in range(4):
            started = time.monotonic()
            self.assertEqual(manager.until("WATCHDOG")[-1]["WATCHDOG"], "1")
            self.assertLess(time.monotonic() - started, 3)
        agent.process.send_signal(signal.SIGSTOP)
        manager.socket.settimeout(3)
        with self.assertRaises(TimeoutError):
            while True:
                manager.until("WATCHDOG")
        agent.process.send_signal(signal.SIGCONT)
        manager.socket.settimeout(20)
        manager.until("WATCHDOG")
        self.ends_well(agent)

    def test_watchdog_of_another_process(self):
        manager = self.manager(f"@cx-e2e-other-{os.getpid()}")
        self.start("--web.listen-address=127.0.0.1:0",
                   env={"NOTIFY_SOCKET": manager.address,
                        "WATCHDOG_USEC": "300000", "WATCHDOG_PID": "1"})
        manager.until("READY")
        manager.socket.settimeout(1)
        with self.assertRaises(TimeoutError):
            manager.until("WATCHDOG")

    def test_a_watchdog_while_a_vendor_hangs(self):
        """A vendor that does not answer is no reason for a restart."""
        self.vendor.fault = faults.hang()
        manager = self.manager(f"@cx-e2e-hang-{os.getpid()}")
        self.notified(manager, watchdog=0.9, targets=[
            self.vendor.target("support", timeout="30s")])
        waiting.until(lambda: self.vendor.requests, 20, "a hanging request")
        for _ in range(5):
            manager.until("WATCHDOG")

    def test_nobody_there(self):
        """A manager that has gone holds nothing up and is told of once."""
        agent = self.start(
            "--web.listen-address=127.0.0.1:0",
            env={"NOTIFY_SOCKET": f"{self.folder}/nobody",
                 "WATCHDOG_USEC": "300000"})
        waiting.until(lambda: "msg=listening" in agent.log)
        waiting.until(lambda: "cannot notify" in agent.log)
        time.sleep(1)
        self.assertEqual(agent.log.count("cannot notify"), 1)
        self.ends_well(agent)


class Shards(SystemdCase):

    def check(self, *flags):
        names = ("support", "voice", "chat", "bot")
        config = write_config(self.folder, [
            self.vendor.target(name) for name in names])
        return run("check", f"--config.file={config}", *flags)

    def test_check_plans_for_the_shard_alone(self):
        """By the hashes of the names: support and bot, voice and chat."""
        whole = self.check()
        self.assertIn("config.yaml: 4 targets\n", whole.stdout)
        for shard, names in (("1/2", ["support", "bot"]),
                             ("2/2", ["voice", "chat"])):
            with self.subTest(shard=shard):
                done = self.check(f"--shard={shard}")
                self.assertIn(f"config.yaml: 2 targets of 4 in shard {shard}",
                              done.stdout)
                self.assertEqual(
                    re.findall(r"^target (\w+)", done.stdout, re.M), names)
                # One key for all of them: neither agent knows the other's.
                self.assertIn("share a credential but no shard", done.stderr)

    def test_an_agent_serves_its_shard_alone(self):
        names = ("support", "voice", "chat", "bot")
        agent = self.start_agent([self.vendor.target(n) for n in names],
                                 "--shard", "2/2")
        agent.up("voice", "chat")
        scrape = agent.scrape()
        self.assertEqual({x.labels["target"] for x in
                          scrape.samples("cx_exporter_target_up")},
                         {"voice", "chat"})
        self.assertEqual(agent.get("/metrics?target=support").status, 404)
        # A reload keeps the shard.
        agent.process.send_signal(signal.SIGHUP)
        waiting.until(lambda: "configuration loaded" in agent.log)
        self.assertEqual(agent.get("/metrics?target=support").status, 404)

    def test_an_empty_shard(self):
        agent = self.start_agent([self.vendor.target("support")],
                                 "--shard=2/2")
        self.assertEqual(agent.get("/-/ready").status, 200)
        self.assertIn("this agent polls nothing", agent.log)
        self.ends_well(agent)


class Units(unittest.TestCase):
    """`systemd-analyze` reads the units as systemd would."""

    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix="cx-e2e-units-")
        cls.addClassCleanup(shutil.rmtree, cls.root, True)
        cls.text = (UNITS / "cx_exporter.service").read_text("utf-8")
        # The same unit with a program that is there.
        local = cls.text.replace("/usr/bin/cx_exporter", binary())
        pathlib.Path(cls.root, "cx_exporter.service").write_text(local)
        shutil.copy(UNITS / "cx_exporter.socket", cls.root)

    def analyze(self, *arguments):
        return subprocess.run(
            ["systemd-analyze", *arguments], capture_output=True, text=True,
            timeout=60, check=False, cwd=self.root)

    def test_verify(self):
        for unit in ("cx_exporter.service", "cx_exporter.socket"):
            with self.subTest(unit=unit):
                done = self.analyze("verify", "--man=no",
                                    f"{self.root}/{unit}")
                said = "\n".join(
                    line for line in (done.stdout + done.stderr).splitlines()
                    if "cx_exporter" in line)
                self.assertEqual((done.returncode, said), (0, ""))

    def test_backoff(self):
        """The drop-in is for systemd 254 and later: before, its keys are
        told to be unknown, which shows that they are read at all."""
        version = int(self.analyze("--version").stdout.split()[1])
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(f"{self.root}/cx_exporter.service", folder)
            drop_in = pathlib.Path(folder, "cx_exporter.service.d")
            drop_in.mkdir()
            shutil.copy(UNITS / "backoff.conf", drop_in)
            done = self.analyze("verify", "--man=no",
                                f"{folder}/cx_exporter.service")
        said = set(re.findall(r"Unknown key (?:name )?'(\w+)'",
                              done.stdout + done.stderr))
        self.assertEqual(said, set() if version >= 254 else {
            "RestartSteps", "RestartMaxDelaySec"})

    def test_security(self):
        done = self.analyze("security", "--offline=yes", "--threshold=15",
                            f"{self.root}/cx_exporter.service")
        found = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
        self.assertTrue(found, done.stdout + done.stderr)
        self.assertLessEqual(float(found[1]), 1.5)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_program_takes_its_flags(self):
        """ExecStart's flags are known: only the configuration is missing."""
        line = re.search(r"^ExecStart=(.*)$", self.text, re.M)[1]
        arguments = [x for x in line.split()[1:] if x != "$ARGS"]
        with tempfile.TemporaryDirectory() as folder:
            arguments = [x.replace("/etc/cx_exporter", folder).replace(
                "/var/lib/cx_exporter", folder) for x in arguments]
            done = run(*arguments, timeout=20)
        self.assertEqual(done.returncode, 2)
        self.assertIn("config.yaml", done.stderr)
        self.assertNotIn("flag", done.stderr)

    def test_the_user(self):
        """The unit's user is the one that sysusers makes."""
        words = [line.split()[:2] for line in
                 (UNITS / "cx_exporter.sysusers").read_text().splitlines()
                 if line and not line.startswith("#")]
        user = re.search(r"^User=(.*)$", self.text, re.M)[1]
        self.assertEqual(words, [["u", user]])
