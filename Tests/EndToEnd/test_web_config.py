"""TLS, basic authentication and headers of `--web.config.file`."""

import base64
import ctypes
import pathlib
import ssl
import subprocess
import urllib.error
import urllib.request

import vendors
from harness import waiting
from harness.agent import Agent, listening_ports
from harness.case import EndToEndCase
from harness.planned import needs

PASSWORD = "correct horse battery"


def bcrypt(password):
    """A hash of low cost by the system's crypt(3)."""
    crypt = ctypes.CDLL("libcrypt.so.1").crypt
    crypt.restype = ctypes.c_char_p
    salt = b"$2y$04$" + b"abcdefghijklmnopqrstuu"
    return crypt(password.encode(), salt).decode()


def basic(user, password):
    raw = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {raw}"}


@needs("--web.config.file")
class WebConfig(EndToEndCase):

    def with_config(self, text):
        server = self.server(vendors.ExperiaServer)
        holder = Agent([])
        self.addCleanup(holder.close)
        path = pathlib.Path(holder.folder, "web.yaml")
        path.write_text(text.replace("FOLDER", holder.folder), "utf-8")
        path.chmod(0o600)
        self.folder = holder.folder
        agent = Agent([server.target("support")],
                      f"--web.config.file={path}", folder=holder.folder)
        self.addCleanup(agent.stop)
        return agent

    def serve(self, agent):
        agent.start(wait=False)

        def listens():
            if agent.process.poll() is not None:
                raise RuntimeError(agent.log)
            return listening_ports(agent.process.pid)
        agent.port = waiting.until(listens, 20, "a listener")[0]
        agent.check_flags()
        return agent

    def test_basic_authentication(self):
        agent = self.serve(self.with_config(
            f'basic_auth_users:\n  prom: "{bcrypt(PASSWORD)}"\n'))
        for name, headers, status in (
                ("none", {}, 401),
                ("wrong password", basic("prom", "no"), 401),
                ("wrong user", basic("other", PASSWORD), 401),
                ("not base64", {"Authorization": "Basic %%%"}, 401),
                ("right", basic("prom", PASSWORD), 200)):
            with self.subTest(case=name):
                for path in ("/metrics", "/", "/config", "/sd"):
                    answer = agent.request("GET", path, headers)
                    self.assertEqual(answer.status, status, path)
                    if status == 401:
                        self.assertIn("Basic", answer.headers[
                            "WWW-Authenticate"])
        self.assertEqual(agent.get("/-/healthy").status, 200)
        self.assertNotIn(PASSWORD, agent.log)

    def test_headers(self):
        agent = self.serve(self.with_config(
            "http_server_config:\n  headers:\n    X-Frame-Options: deny\n"))
        self.assertEqual(agent.get("/metrics").headers["X-Frame-Options"],
                         "deny")

    def test_tls(self):
        agent = self.with_config(
            "tls_server_config:\n  cert_file: FOLDER/cert.pem\n"
            "  key_file: FOLDER/key.pem\n")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", "/CN=localhost",
             "-addext", "subjectAltName=IP:127.0.0.1",
             "-keyout", f"{self.folder}/key.pem",
             "-out", f"{self.folder}/cert.pem"],
            check=True, capture_output=True)
        pathlib.Path(self.folder, "key.pem").chmod(0o600)
        self.serve(agent)
        trust = ssl.create_default_context(cafile=f"{self.folder}/cert.pem")
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPSHandler(context=trust))
        with opener.open(f"https://127.0.0.1:{agent.port}/metrics",
                         timeout=10) as answer:
            self.assertIn(b"cx_exporter_build_info", answer.read())
        # Plain HTTP on the same port gets no metrics.
        try:
            self.assertGreaterEqual(agent.get("/metrics").status, 400)
        except OSError:
            pass
        except Exception as error:
            self.assertEqual(type(error).__module__, "http.client")

    def test_a_wrong_file_is_an_error(self):
        agent = self.with_config("basic_auth_userz: {}\n")
        agent.start(wait=False)
        self.assertEqual(agent.process.wait(20), 2)
        self.assertIn("basic_auth_userz", agent.log)
