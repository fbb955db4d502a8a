"""The command line: commands, flags, exit statuses, what is said."""

import json
import os
import pathlib
import re
import signal
import socket
import time

import vendors
from harness import waiting
from harness.agent import (Agent, listening_ports, run, write_config,
                           write_secret)
from harness.case import EndToEndCase
from harness.exposition import Exposition
from harness.planned import is_planned, needs
from promtool import check_metrics
from vendors import faults

FLAGS = (
    "--config.file", "--config.check", "--web.listen-address",
    "--web.telemetry-path", "--web.config.file", "--web.systemd-socket",
    "--web.max-requests", "--web.max-connections", "--web.enable-lifecycle",
    "--web.disable-exporter-metrics", "--storage.path", "--shard",
    "--openmetrics.created-samples", "--log.level", "--log.format",
    "--version", "--help", "-h")
EXAMPLE = {"name": "support", "vendor": "experia",
           "url": "http://127.0.0.1:9", "api_key": "key-of-the-example"}


class CommandCase(EndToEndCase):

    def setUp(self):
        self.holder = Agent([])
        self.addCleanup(self.holder.close)
        self.folder = self.holder.folder

    def config(self, *targets, defaults=None):
        path = write_config(self.folder, targets, defaults)
        return f"--config.file={path}"

    def written(self, text):
        path = os.path.join(self.folder, "config.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return f"--config.file={path}"


class Once(CommandCase):

    def test_all_vendors(self):
        servers = [self.server(kind) for kind in vendors.ALL]
        done = run("once", self.config(*[
            s.target(f"{s.vendor}-1") for s in servers]))
        self.assertEqual(done.returncode, 0, done.stderr)
        scrape = Exposition(done.stdout)
        for server in servers:
            with self.subTest(vendor=server.vendor):
                self.assertTrue([name for name in scrape.families
                                 if name.startswith(server.vendor)])
                self.assertNotIn(server.secrets()[0],
                                 done.stdout + done.stderr)
        self.assertEqual(scrape.value("experia_sessions_total"), 0)
        self.assertEqual(check_metrics(done.stdout), "")
        self.assert_no_complaints(*servers)

    def test_one_target_fails(self):
        good = self.server(vendors.ExperiaServer)
        bad = self.server(vendors.KoreServer)
        bad.fault = faults.status(500, "{}")
        done = run("once", self.config(good.target("good"),
                                       bad.target("bad")))
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(Exposition(done.stdout).value(
            "experia_period_sessions", target="good"), 458)
        self.assertIn("bad", done.stderr)


class Check(CommandCase):

    def test_good(self):
        for command in ("check", "--config.check"):
            with self.subTest(command=command):
                done = run(command, self.config(EXAMPLE))
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn("support", done.stdout + done.stderr)

    def test_over_budget(self):
        """Four views every 30 s are 480 requests an hour, not 200."""
        views = [{"name": f"v{n}"} for n in range(4)]
        done = run("check", self.config(
            {**EXAMPLE, "views": views, "interval": "30s"}))
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertRegex(done.stdout + done.stderr, r"\b200\b")

    def test_every_credential_over_budget_is_named(self):
        targets = [{**EXAMPLE, "name": name, "api_key": f"key-of-{name}",
                    "interval": "10s"} for name in ("one", "two", "three")]
        done = run("check", self.config(*targets))
        self.assertEqual(done.returncode, 1, done.stderr)
        for name in ("one", "two", "three"):
            self.assertRegex(done.stderr, rf"budget {name} need \d+ of 200")

    def test_an_error_ends_every_command_alike(self):
        """2 for a wrong configuration, as --help says."""
        wrong = self.config({**EXAMPLE, "perids": []})
        output = f"--output={self.folder}/o"
        web = os.path.join(self.folder, "web.yaml")
        pathlib.Path(web).write_text("a: 1\n", "utf-8")
        right = f"--config.file={self.folder}/right.yaml"
        write_config(self.folder, [EXAMPLE], name="right.yaml")
        listen = "--web.listen-address=127.0.0.1:0"
        for arguments in (
                [wrong, listen], ["check", wrong], ["once", wrong],
                ["--config.check", wrong],
                ["backfill", wrong, "--from=2026-01-01", "--to=2026-01-01",
                 output],
                ["explore", wrong, "--target=support", "--card=C"],
                [right, listen, f"--web.config.file={web}"],
                ["check", right, f"--web.config.file={web}"],
                ["check", right, "--web.listen-address=nowhere"],
                ["demo", listen, f"--web.config.file={web}"]):
            with self.subTest(arguments=arguments):
                done = run(*arguments)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertTrue(done.stderr.strip())

    def test_placeholders_get_a_warning(self):
        """What would end in 401 at night is said by check, not shown."""
        name = write_secret(self.folder, "p.key", "${REAL_KEY_OF_E2E}")
        token = {"name": "chat", "vendor": "rocketchat",
                 "url": "http://127.0.0.1:9", "user_id": "%RC_USER_E2E%",
                 "auth_token_file": name}
        done = run("check", self.config(
            {**EXAMPLE, "api_key": "$EXPERIA_KEY_E2E", "http_headers": {
                "X-Proxy": "Bearer {{ token_e2e }}"}}, token))
        self.assertEqual(done.returncode, 0, done.stderr)
        for place in (r"targets\[0\]\.api_key", r"http_headers\.X-Proxy",
                      r"\.user_id", r"\.auth_token_file"):
            self.assertRegex(
                done.stderr, rf"(?m)^cx_exporter: warning: \S+config.yaml:"
                rf"\d+:\d+: \S*{place}: .*not replaced")
        self.assertNotRegex(done.stderr, "(?i)_E2E")

    def test_forms_that_are_not_expanded_are_errors(self):
        for value in ("${EXP_KEY:-hidden}", "${EXP_KEY:?hidden}",
                      "${EXP_KEY-hidden}", "$(hidden)"):
            with self.subTest(value=value):
                done = run("check", self.config({**EXAMPLE,
                                                 "api_key": value}),
                           env={"EXP_KEY": "k"})
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(value[:2], done.stderr)
                self.assertIn("$$", done.stderr)
                self.assertNotIn("hidden", done.stderr)

    def test_a_zone_that_does_not_exist(self):
        voice = {"name": "voice", "vendor": "samespace",
                 "url": "http://127.0.0.1:9", "api_key": "k",
                 "dashboards": [{"id": "d1"}]}
        bot = {"name": "bot", "vendor": "kore", "url": "http://127.0.0.1:9",
               "bot_id": "st-1", "token": "t"}
        for target in (voice, bot):
            for zone, status, seen in (
                    ("Asia/Calcuta", 2, "Asia/Calcutta"),
                    ("Asia/Katmandou", 2, "Asia/Kat"),
                    ("America/NewYork", 2, "America/New_York"),
                    ("Riyadh", 2, "Asia/Riyadh"),
                    ("Asia/Calcutta", 0, ""), ("Asia/Kolkata", 0, "")):
                with self.subTest(target=target["name"], zone=zone):
                    done = run("check", self.config({**target,
                                                     "timezone": zone}))
                    self.assertEqual(done.returncode, status, done.stderr)
                    self.assertIn(seen, done.stderr)

    def test_wrong(self):
        kore = {"name": "bot", "vendor": "kore", "url": "http://127.0.0.1:9",
                "bot_id": "st-1"}
        for name, targets, seen in (
                ("unknown key", [{**EXAMPLE, "perids": ["daily"]}],
                 "periods"),
                ("unknown vendor", [{**EXAMPLE, "vendor": "experai"}],
                 "experia"),
                ("wrong type", [{**EXAMPLE, "interval": [1]}], "interval"),
                ("bad duration", [{**EXAMPLE, "interval": "1 moon"}],
                 "interval"),
                ("no secret", [{k: v for k, v in EXAMPLE.items()
                                if k != "api_key"}], "api_key"),
                ("both secrets", [{**EXAMPLE, "api_key_file": "x"}],
                 "api_key"),
                ("bad name", [{**EXAMPLE, "name": "Not Good"}], "name"),
                ("same name", [EXAMPLE, EXAMPLE], "support"),
                ("bad label", [{**EXAMPLE, "labels": {"a-b": "x"}}], "a-b"),
                ("unset variable", [{**EXAMPLE, "url": "${CX_E2E_UNSET}"}],
                 "CX_E2E_UNSET"),
                ("no token at all", [kore], "jwt"),
                ("bad period", [{**EXAMPLE, "periods": ["hourly"]}],
                 "hourly")):
            with self.subTest(case=name):
                done = run("check", self.config(*targets))
                said = done.stdout + done.stderr
                self.assertEqual(done.returncode, 2, said)
                self.assertRegex(said, r"config\.yaml:\d+:\d+")
                self.assertIn(seen, said)
                self.assertNotIn("key-of-the-example", said)

    def test_all_errors_at_once(self):
        done = run("check", self.config(
            {**EXAMPLE, "perids": [], "timeuot": "1s"},
            {**EXAMPLE, "name": "other", "vendor": "nobody"}))
        for seen in ("perids", "timeuot", "nobody"):
            self.assertIn(seen, done.stdout + done.stderr)
        self.assertEqual(done.returncode, 2)

    def test_broken_yaml(self):
        for text in ("targets: [", "targets:\n\t- name: x\n", "a: b: c\n",
                     "targets: []\ntargets: []\n"):
            with self.subTest(text=text):
                done = run("check", self.written(text))
                self.assertEqual(done.returncode, 2)
                self.assertRegex(done.stdout + done.stderr,
                                 r"config\.yaml:\d+")

    def test_variables(self):
        done = run("check", self.config({**EXAMPLE, "api_key": "${KEY_E2E}",
                                         "labels": {"brand": "a$$b$c"}}),
                   env={"KEY_E2E": "secret-of-the-environment"})
        said = done.stdout + done.stderr
        self.assertEqual(done.returncode, 0, said)
        self.assertNotIn("secret-of-the-environment", said)

    def test_a_secret_others_can_read_gets_a_warning(self):
        name = write_secret(self.folder, "open.key", "open-secret-77")
        os.chmod(os.path.join(self.folder, name), 0o644)
        target = {k: v for k, v in EXAMPLE.items() if k != "api_key"}
        done = run("check", self.config({**target, "api_key_file": name}))
        said = done.stdout + done.stderr
        self.assertEqual(done.returncode, 0, said)
        self.assertIn("open.key", said)
        self.assertIn("cx_exporter: warning: ", done.stderr)
        self.assertNotIn("open-secret-77", said)

    def test_a_secret_its_group_can_read_is_no_reason_to_warn(self):
        """As Kubernetes' fsGroup hands it out."""
        name = write_secret(self.folder, "group.key", "group-secret-77")
        target = {k: v for k, v in EXAMPLE.items() if k != "api_key"}
        for mode in (0o440, 0o640):
            os.chmod(os.path.join(self.folder, name), mode)
            done = run("check", self.config({**target, "api_key_file": name}))
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_secret_files_that_hold_none(self):
        target = {k: v for k, v in EXAMPLE.items() if k != "api_key"}
        path = pathlib.Path(self.folder, "odd.key")
        for content, seen in ((b" ", "blank"), (b"\n\n", "blank"),
                              (b"\xef\xbb\xbf", "empty"),
                              (b"\xff\xfek\0", "UTF-16")):
            with self.subTest(content=content):
                path.write_bytes(content)
                path.chmod(0o600)
                done = run("check", self.config({**target,
                                                 "api_key_file": "odd.key"}))
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertRegex(done.stderr, f"odd.key.*{seen}")

    def test_a_byte_order_mark_is_no_part_of_a_key(self):
        server = self.server(vendors.ExperiaServer, key="marked-key-77")
        target = {k: v for k, v in server.target("support").items()
                  if k != "api_key"}
        path = pathlib.Path(self.folder, "marked.key")
        path.write_bytes(b"\xef\xbb\xbfmarked-key-77\r\n")
        path.chmod(0o600)
        done = run("once", self.config({**target,
                                        "api_key_file": "marked.key"}))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_no_complaints(server)


class Usage(CommandCase):

    def test_version(self):
        done = run("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout + done.stderr, r"cx_exporter.*\d+\.\d+")

    def test_help(self):
        for flag in ("--help", "-h"):
            done = run(flag)
            self.assertEqual(done.returncode, 0)
            for name in (*FLAGS, "demo", "once", "check", "backfill"):
                if is_planned(name):
                    continue
                with self.subTest(flag=flag, name=name):
                    self.assertIn(name, done.stdout)

    def test_unknown_flag(self):
        for wrong, meant in (
                ("--config.fiel=x", "--config.file"),
                ("--web.listen-adress=:1", "--web.listen-address"),
                ("--log.levle=info", "--log.level"),
                ("--storage.pth=x", "--storage.path")):
            if is_planned(meant):
                continue
            with self.subTest(flag=wrong):
                done = run(wrong)
                self.assertEqual(done.returncode, 2)
                self.assertIn(meant, done.stderr)
                self.assertLess(len(done.stderr.splitlines()), 5)

    def test_wrong_usage(self):
        config = self.config(EXAMPLE)
        for arguments in (["chek"], ["--log.level=loud", config],
                          ["--shard=3/2", config], ["--shard=x", config],
                          ["--config.file"], ["--log.format=xml", config],
                          ["--web.max-requests=many", config],
                          ["--web.listen-address=nowhere", config]):
            with self.subTest(arguments=arguments):
                done = run(*arguments, timeout=20)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertTrue(done.stderr.strip())

    def test_missing_configuration(self):
        done = run("--config.file=/nowhere/config.yaml")
        self.assertEqual(done.returncode, 2)
        self.assertIn("/nowhere/config.yaml", done.stderr)

    def test_wrong_configuration(self):
        done = run(self.config({**EXAMPLE, "perids": []}))
        self.assertEqual(done.returncode, 2)
        self.assertIn("perids", done.stderr)

    def test_port_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = "127.0.0.1:%d" % taken.getsockname()[1]
            done = run(self.config(EXAMPLE),
                       f"--web.listen-address={address}", timeout=20)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(address, done.stderr)
        self.assertRegex(done.stderr.lower(), "in use")

    def test_separate_values_and_no_booleans(self):
        server = self.server(vendors.ExperiaServer)
        self.config(server.target("support"))
        done = run("once", "--config.file", f"{self.folder}/config.yaml",
                   "--no-openmetrics.created-samples", "--log.level", "debug")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("level=debug", done.stderr.lower())

    def test_json_log(self):
        server = self.server(vendors.ExperiaServer)
        server.fault = faults.status(500, "{}")
        done = run("once", self.config(server.target("support")),
                   "--log.format=json")
        lines = [line for line in done.stderr.splitlines() if line]
        self.assertTrue(lines)
        for line in lines:
            self.assertIsInstance(json.loads(line), dict)


class Lifecycle(CommandCase):

    def test_demo(self):
        agent = Agent(None, command=["demo"], folder=self.folder)
        self.addCleanup(agent.stop)
        agent.start()
        scrape = agent.scrape_when(
            lambda s: {x.labels["vendor"] for x in
                       s.samples("cx_exporter_target_up") if x.value == 1}
            == {"experia", "samespace", "rocketchat", "kore"}, 60,
            "all four vendors of the demo up")
        for family in ("experia_period_sessions", "samespace_stat_value",
                       "rocketchat_omnichannel_period_conversations",
                       "kore_engagement_current_day_users"):
            self.assertTrue(scrape.samples(family), family)
        self.assertEqual(check_metrics(scrape.text), "")
        self.assertIn(str(agent.port), agent.log + agent.stdout)
        self.ends(agent)

    def ends(self, agent, how=signal.SIGTERM):
        started = time.monotonic()
        agent.process.send_signal(how)
        status = agent.process.wait(10)
        self.assertEqual(status, 0)
        self.assertLess(time.monotonic() - started, 5)

    def test_signals(self):
        """In the middle of a poll that hangs, too."""
        server = self.server(vendors.ExperiaServer)
        for how in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=how.name):
                asked = len(server.requests)
                server.fault = faults.hang()
                agent = self.start_agent(
                    [server.target("support", timeout="30s")])
                waiting.until(lambda: len(server.requests) > asked, 20,
                              "a request that hangs")
                self.ends(agent, how)

    def test_the_log_tells_the_address(self):
        server = self.server(vendors.ExperiaServer)
        agent = self.start_agent([server.target("support")])
        self.assertIn(str(agent.port), agent.log)

    def test_two_addresses(self):
        server = self.server(vendors.ExperiaServer)
        agent = self.start_agent([server.target("support")],
                                 "--web.listen-address=127.0.0.2:0")
        ports = listening_ports(agent.process.pid)
        self.assertEqual(len(set(ports)), 2)

    def test_telemetry_path(self):
        server = self.server(vendors.ExperiaServer)
        agent = Agent([server.target("support")],
                      "--web.telemetry-path=/m", folder=self.folder)
        self.addCleanup(agent.stop)
        agent.start(wait=False)

        def answers():
            for agent.port in listening_ports(agent.process.pid):
                return agent.get("/m")
            return None
        self.assertEqual(waiting.until(answers, 20).status, 200)
        self.assertEqual(agent.get("/metrics").status, 404)

    @needs("--shard")
    def test_shards_share_the_targets(self):
        server = self.server(vendors.ExperiaServer)
        names = [f"t{n}" for n in range(8)]
        config = self.config(*[server.target(n) for n in names])
        found = []
        for shard in ("1/2", "2/2"):
            done = run("once", config, f"--shard={shard}")
            self.assertEqual(done.returncode, 0, done.stderr)
            found += set(re.findall(
                r'experia_period_sessions\{[^}]*target="(t\d)"', done.stdout))
        self.assertEqual(sorted(found), names)
