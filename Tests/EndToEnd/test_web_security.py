"""What `--web.config.file` protects: versions and ciphers, passwords under
load, changes of the file."""

import http.client
import pathlib
import re
import socket
import ssl
import subprocess
import time

import vendors
from harness import slow, waiting
from harness.agent import run, write_config
from harness.case import EndToEndCase
from harness.planned import needs
from harness.web import GuardedAgent, ask, basic, bcrypt, certificate, tls

PASSWORD = "correct horse battery"
# Forward secrecy and authenticated encryption: what RFC 9325, section 4.2,
# recommends for TLS 1.2.
STRONG = re.compile(r"ECDHE-(ECDSA|RSA)-"
                    r"(AES128-GCM-SHA256|AES256-GCM-SHA384|CHACHA20-POLY1305)")


class GuardedCase(EndToEndCase):

    def guarded(self, text, *kinds):
        """A running agent with that file and certificates `ec`, `rsa`."""
        server = self.server(vendors.ExperiaServer)
        agent = GuardedAgent([server.target("support")], text)
        self.addCleanup(agent.close)
        for kind in kinds:
            certificate(agent.folder, kind, kind)
        return agent.serve()


@needs("--web.config.file")
class Handshakes(GuardedCase):

    def handshake(self, agent, *options):
        """Whether `openssl s_client` and the agent agree, and on what."""
        done = subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{agent.port}",
             *options], input="", capture_output=True, text=True, timeout=20,
            check=False)
        said = done.stdout + done.stderr
        self.assertNotRegex(said, "(?i)unknown option|command not found")
        found = re.search(r"New, (\S+), Cipher is (\S+)", said)
        self.assertIsNotNone(found, said)
        return None if found[2] == "(NONE)" else found[2]

    def test_no_version_below_tls_1_2(self):
        """RFC 8996; a server that is told to speak them shows that the client
        can."""
        old = self.guarded(tls("ec", "  min_version: TLS10\n"), "ec")
        agent = self.guarded(tls("ec"), "ec")
        every = ("-cipher", "ALL:@SECLEVEL=0")
        for version, allowed in (("-tls1", False), ("-tls1_1", False),
                                 ("-tls1_2", True), ("-tls1_3", True)):
            with self.subTest(version=version):
                self.assertIsNotNone(self.handshake(old, version, *every))
                self.assertEqual(
                    self.handshake(agent, version, *every) is not None,
                    allowed)

    def test_no_weak_cipher(self):
        """Every cipher that this openssl knows is offered alone."""
        listed = subprocess.run(
            ["openssl", "ciphers", "-tls1_2", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"],
            capture_output=True, text=True, check=True).stdout
        ciphers = [c for c in listed.strip().split(":")
                   if not c.startswith("TLS_")]
        self.assertGreater(len(ciphers), 30)
        for kind in ("ec", "rsa"):
            agent = self.guarded(tls(kind), kind)
            accepted = [c for c in ciphers if self.handshake(
                agent, "-tls1_2", "-cipher", f"{c}:@SECLEVEL=0")]
            with self.subTest(certificate=kind):
                self.assertEqual(
                    [c for c in accepted if not STRONG.fullmatch(c)], [])
                self.assertEqual(len(accepted), 3, accepted)

    def test_a_handshake_that_stalls_is_cut(self):
        """Silence, and a ClientHello of which only the start comes, end at
        the deadline of a head; others are served meanwhile."""
        agent = self.guarded(tls("ec"), "ec")
        stalled = []
        started = time.monotonic()
        for sent in (b"", b"\x16\x03\x01", b"\x16\x03\x01\x02\x00\x01\x00\x01"
                     b"\xfc\x03\x03" + bytes(20)):
            peer = socket.create_connection(("127.0.0.1", agent.port), 30)
            self.addCleanup(peer.close)
            peer.sendall(sent)
            stalled.append(peer)
        self.assertEqual(ask(agent.connect(True))[0], 200)
        for peer in stalled:
            try:
                self.assertEqual(peer.recv(100), b"")
            except ConnectionResetError:
                pass
            took = time.monotonic() - started
            self.assertGreater(took, slow.HEAD - 1)
            self.assertLess(took, slow.HEAD + 8)


@needs("--web.config.file")
class Passwords(GuardedCase):

    def test_a_flood_of_wrong_passwords(self):
        """Two checks run, 64 wait, more get 503; who is known passes."""
        agent = self.guarded(
            f'basic_auth_users:\n  prom: "{bcrypt(PASSWORD, 11)}"\n')
        known = agent.connect()
        right = basic("prom", PASSWORD)
        self.assertEqual(ask(known, headers=right)[0], 200)
        flood = []
        for number in range(120):
            peer = socket.create_connection(("127.0.0.1", agent.port), 60)
            self.addCleanup(peer.close)
            field = basic("prom", f"wrong-{number}")["Authorization"]
            flood.append((peer, (
                f"GET /metrics HTTP/1.1\r\nHost: a\r\nAuthorization: {field}"
                "\r\nConnection: close\r\n\r\n").encode()))
        for peer, request in flood:
            peer.sendall(request)
        for path, headers in (("/metrics", right), ("/-/healthy", {})):
            started = time.monotonic()
            self.assertEqual(ask(known, path, headers)[0], 200)
            self.assertLess(time.monotonic() - started, 2)
        statuses = [self.status(peer) for peer, _ in flood]
        self.assertEqual(set(statuses), {401, 503})
        self.assertGreaterEqual(statuses.count(401), 66)
        self.assertEqual(ask(known, headers=right)[0], 200)

    def status(self, peer):
        answer = b"".join(iter(lambda: peer.recv(4096), b""))
        found = re.match(rb"HTTP/1\.1 (\d+) ", answer)
        self.assertIsNotNone(found, answer)
        return int(found[1])


@needs("--web.config.file")
class Changes(GuardedCase):
    """What changes in the file holds for the next request of a connection
    that was open before."""

    USERS = 'basic_auth_users:\n  {}: "{}"\n'
    HEADERS = "http_server_config:\n  headers:\n    X-Frame-Options: {}\n"

    def test_users(self):
        for name, prefix in (("plain", ""), ("TLS", tls("ec"))):
            with self.subTest(case=name):
                agent = self.guarded(
                    prefix + self.USERS.format("prom", bcrypt("old")), "ec")
                kept = agent.connect(bool(prefix))
                old, new = basic("prom", "old"), basic("prom", "new")
                self.assertEqual(ask(kept, headers=old)[0], 200)
                peer = kept.sock
                agent.rewrite(
                    prefix + self.USERS.format("prom", bcrypt("new")))
                waiting.until(
                    lambda: ask(kept, headers=new)[0] == 200, 20,
                    "the new password")
                self.assertEqual(ask(kept, headers=old)[0], 401)
                self.assertIs(kept.sock, peer)
                self.assertIn("web configuration read again", agent.log)

    def test_headers(self):
        for name, prefix in (("plain", ""), ("TLS", tls("ec"))):
            with self.subTest(case=name):
                agent = self.guarded(prefix + self.HEADERS.format("deny"),
                                     "ec")
                kept = agent.connect(bool(prefix))
                self.assertEqual(ask(kept)[1]["X-Frame-Options"], "deny")
                peer = kept.sock
                agent.rewrite(prefix + self.HEADERS.format("sameorigin"))
                waiting.until(
                    lambda: ask(kept)[1]["X-Frame-Options"] == "sameorigin",
                    20, "the new header")
                self.assertIs(kept.sock, peer)

    def test_a_file_that_becomes_wrong(self):
        """The old users stay in force, and the log says why, once."""
        agent = self.guarded(self.USERS.format("prom", bcrypt("old")))
        kept = agent.connect()
        agent.rewrite(self.USERS.format("prom", "no-hash"))

        def told():
            self.assertEqual(ask(kept, headers=basic("prom", "old"))[0], 200)
            return "the old one stays in force" in agent.log
        waiting.until(told, 20, "the line in the log")
        self.assertEqual(ask(kept)[0], 401)
        self.assertEqual(agent.log.count("the old one stays in force"), 1)


@needs("--web.config.file")
class Check(GuardedCase):
    """`check` reads the file of the listener as well."""

    def check(self, text):
        agent = GuardedAgent(None, text)
        self.addCleanup(agent.close)
        certificate(agent.folder, "ec")
        certificate(agent.folder, "other")
        path = write_config(agent.folder, [{
            "name": "support", "vendor": "experia",
            "url": "http://127.0.0.1:9", "api_key": "k"}])
        return run("check", f"--config.file={path}",
                   f"--web.config.file={agent.web}")

    def test_good(self):
        done = self.check(tls("ec") + f'basic_auth_users:\n'
                          f'  prom: "{bcrypt(PASSWORD)}"\n')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("TLS12 to TLS13, 1 user", done.stdout)

    def test_wrong(self):
        for name, text, seen in (
                ("unknown key", "basic_auth_userz: {}\n", r":1:1: .*unknown"),
                ("no hash", "basic_auth_users: {prom: secret-77}\n",
                 r":1:\d+: basic_auth_users\.prom: .*bcrypt"),
                ("no such file", tls("nowhere"), "nowhere.pem"),
                ("another's key",
                 "tls_server_config:\n  cert_file: ec.pem\n"
                 "  key_file: other.key\n", r"key_file")):
            with self.subTest(case=name):
                done = self.check(text)
                self.assertEqual(done.returncode, 2, done.stdout)
                self.assertRegex(done.stderr, rf"web\.yaml:.*{seen}|{seen}")
                self.assertNotIn("secret-77", done.stderr + done.stdout)

    def test_both_files_are_reported(self):
        agent = GuardedAgent(None, "a: 1\n")
        self.addCleanup(agent.close)
        path = pathlib.Path(agent.folder, "config.yaml")
        path.write_text("targetz: []\n", "utf-8")
        done = run("check", f"--config.file={path}",
                   f"--web.config.file={agent.web}")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"web\.yaml:1:1: a: unknown key")
        self.assertRegex(done.stderr, r"config\.yaml:1:1: targetz")


def indented(folder, name):
    """A PEM file as the lines of a YAML text."""
    lines = pathlib.Path(folder, name).read_text("ascii").splitlines()
    return "|\n" + "".join(f"    {line}\n" for line in lines)


@needs("--web.config.file")
class Toolkit(GuardedCase):
    """What exporter-toolkit takes (docs/web-configuration.md and
    web/tls_config.go @0089e786) is taken, and means the same."""

    CLIENT = ("  client_auth_type: {}\n  client_ca_file: ec.pem\n"
              "  client_allowed_sans: [{}]\n")

    def inline(self):
        """An agent whose certificate and key are in the file itself."""
        agent = GuardedAgent([self.server(vendors.ExperiaServer).target(
            "support")], "{}\n")
        self.addCleanup(agent.close)
        certificate(agent.folder, "ec")
        certificate(agent.folder, "other")
        agent.text = (f"tls_server_config:\n  cert: "
                      f"{indented(agent.folder, 'ec.pem')}  key: "
                      f"{indented(agent.folder, 'ec.key')}")
        agent.rewrite(agent.text)
        return agent

    def connects(self, agent, client=None):
        context = ssl.create_default_context(
            cafile=f"{agent.folder}/ec.pem")
        context.check_hostname = False
        if client:
            context.load_cert_chain(f"{agent.folder}/{client}.pem",
                                    f"{agent.folder}/{client}.key")
        try:
            peer = http.client.HTTPSConnection(
                "127.0.0.1", agent.port, timeout=20, context=context)
            self.addCleanup(peer.close)
            return ask(peer)[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def test_inline_certificate_and_key(self):
        agent = self.inline()
        agent.serve()
        self.assertTrue(self.connects(agent))
        # Another pair takes their place, as files' do.
        agent.rewrite("tls_server_config:\n  cert: "
                      f"{indented(agent.folder, 'other.pem')}  key: "
                      f"{indented(agent.folder, 'other.key')}")
        waiting.until(lambda: not self.connects(agent), 20,
                      "the other certificate")
        config = write_config(agent.folder, [{
            "name": "support", "vendor": "experia",
            "url": "http://127.0.0.1:9", "api_key": "k"}], name="c.yaml")
        for text, status, seen in (
                (agent.text, 0, "^$"),
                (agent.text.replace("BEGIN", "BEGINNING"), 2, r"\.cert: no "),
                ("tls_server_config:\n  cert_file: ec.pem\n  key: "
                 + indented(agent.folder, "other.key"), 2, r"\.key: .*match"),
                ("tls_server_config:\n  cert_file: ec.pem\n  key: ' '\n", 2,
                 r"\.key: no key")):
            agent.rewrite(text)
            done = run("check", f"--config.file={config}",
                       f"--web.config.file={agent.web}")
            with self.subTest(seen=seen):
                self.assertEqual(done.returncode, status, done.stderr)
                self.assertRegex(done.stderr, seen)
                self.assertNotIn("PRIVATE", done.stdout + done.stderr)

    def test_inline_authority_of_clients(self):
        agent = self.inline()
        agent.rewrite(
            agent.text + "  client_auth_type: RequireAndVerifyClientCert\n"
            f"  client_ca: {indented(agent.folder, 'ec.pem')}")
        agent.serve()
        self.assertFalse(self.connects(agent))
        self.assertTrue(self.connects(agent, "ec"))
        self.assertFalse(self.connects(agent, "other"))

    def test_names_of_clients(self):
        """Names are looked at whatever else is verified, and a client without
        a certificate has none (VerifyPeerCertificate)."""
        for rule, name, expected in (
                ("RequireAndVerifyClientCert", "127.0.0.1", (0, 1, 0)),
                ("RequireAndVerifyClientCert", "10.0.0.1", (0, 0, 0)),
                ("VerifyClientCertIfGiven", "127.0.0.1", (0, 1, 0)),
                ("RequireAnyClientCert", "127.0.0.1", (0, 1, 1)),
                ("RequireClientCert", "10.0.0.1", (0, 0, 0))):
            with self.subTest(rule=rule, name=name):
                agent = self.guarded(
                    tls("ec", self.CLIENT.format(rule, name)), "ec")
                certificate(agent.folder, "other")
                self.assertEqual(tuple(
                    int(self.connects(agent, client))
                    for client in (None, "ec", "other")), expected)

    def test_a_byte_order_mark_before_pem(self):
        agent = GuardedAgent([self.server(vendors.ExperiaServer).target(
            "support")], tls("ec"))
        self.addCleanup(agent.close)
        certificate(agent.folder, "ec")
        for name in ("ec.pem", "ec.key"):
            path = pathlib.Path(agent.folder, name)
            path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
        agent.serve()
        self.assertEqual(ask(agent.connect(True))[0], 200)

    def test_next_to_nothing(self):
        for text in ("", "# nothing\n", "---\n", "basic_auth_users:\n",
                     "basic_auth_users: {}\n", "tls_server_config: {}\n",
                     "tls_server_config:\nhttp_server_config:\n",
                     "http_server_config: {headers: {X-Frame-Options: ''}}\n"):
            with self.subTest(text=text):
                agent = self.guarded(text)
                status, fields, _ = ask(agent.connect())
                self.assertEqual(status, 200)
                self.assertNotIn("X-Frame-Options", fields)

    def test_a_rate_limit(self):
        agent = self.guarded("rate_limit: {interval: 1h, burst: 1}\n")
        kept = agent.connect()
        self.assertEqual([ask(kept)[0] for _ in range(3)], [200] * 3)
        self.assertRegex(agent.log, "level=WARN .*rate_limit: is ignored")


@needs("--web.config.file")
class Demo(GuardedCase):

    def test_its_addresses_are_those_it_serves(self):
        for scheme, text in (("https", tls("ec")), ("http", "{}\n")):
            with self.subTest(scheme=scheme):
                agent = GuardedAgent(None, text)
                self.addCleanup(agent.close)
                certificate(agent.folder, "ec")
                agent.command = ["demo"]
                agent.serve()
                waiting.until(lambda: agent.stdout.count("\n") == 2, 20,
                              "the demo's lines")
                self.assertEqual(
                    set(re.findall(r"(\w+)://localhost|(\w+)://127",
                                   agent.stdout)),
                    {("", scheme)})
                self.assertEqual(agent.stdout.count(f"{scheme}://"), 2)
