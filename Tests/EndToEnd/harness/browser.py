"""Chromium without a window, spoken to over a pipe by the DevTools protocol.

`--remote-debugging-pipe`: the browser reads commands from file descriptor 3
and writes answers and events to 4, each a JSON text that ends in a NUL.
"""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chrome",
         "chromium-browser", "microsoft-edge", "brave-browser")


def find():
    """The path of a browser that starts; None where there is none.

    Ubuntu's chromium packages hold no browser, but a script that asks for a
    snap: only one that tells its version counts.
    """
    for name in NAMES:
        path = shutil.which(name)
        if not path:
            continue
        try:
            done = subprocess.run([path, "--version"], capture_output=True,
                                  timeout=60, check=False)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0 and any(c.isdigit() for c in
                                        done.stdout.decode("utf-8", "replace")):
            return path
    return None


class BrowserError(AssertionError):
    """The browser refused a command, or did not answer."""


class Browser:
    """A browser process with one tab."""

    def __init__(self, path):
        self.profile = tempfile.mkdtemp(prefix="cx-e2e-browser-")
        to_browser, self.input = os.pipe()
        self.output, from_browser = os.pipe()

        def place():
            # Above 4 first, so that neither overwrites the other.
            high = [os.dup2(fd, fd + 100) for fd in
                    (to_browser, from_browser)]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.process = subprocess.Popen(
            [path, "--headless=new", "--no-sandbox", "--disable-gpu",
             "--disable-dev-shm-usage", "--no-first-run",
             "--disable-extensions", "--disable-background-networking",
             "--disable-component-update", "--no-proxy-server",
             "--force-color-profile=srgb", "--hide-scrollbars",
             "--remote-debugging-pipe",
             f"--user-data-dir={self.profile}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, close_fds=False, preexec_fn=place)
        os.close(to_browser)
        os.close(from_browser)
        self.buffer = b""
        self.number = 0
        self.events = []
        self.session = None
        try:
            target = self.ask("Target.createTarget", url="about:blank")
            self.session = self.ask(
                "Target.attachToTarget", targetId=target["targetId"],
                flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                self.ask(f"{domain}.enable")
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """End the browser, by its own id, and forget its profile."""
        for end in (self.input, self.output):
            try:
                os.close(end)
            except OSError:
                pass
        try:
            # The closed pipe ends it.
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    # The protocol

    def ask(self, method, seconds=60, **parameters):
        """A command's result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.input, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + seconds
        while True:
            answer = self.next(deadline, method)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def next(self, deadline, what):
        while b"\0" not in self.buffer:
            left = deadline - time.monotonic()
            ready, _, _ = select.select([self.output], [], [], max(0, left))
            chunk = os.read(self.output, 1 << 20) if ready else b""
            if not chunk:
                raise BrowserError(f"no answer from the browser: {what}")
            self.buffer += chunk
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def wait_for(self, method, seconds=60):
        """The next event of that name."""
        deadline = time.monotonic() + seconds
        for index, event in enumerate(self.events):
            if event.get("method") == method:
                return self.events.pop(index)
        while True:
            event = self.next(deadline, method)
            if event.get("method") == method:
                return event
            self.events.append(event)

    # The page

    def open(self, url, width=1280, height=800, dark=False, mobile=False):
        """Load a page in a window of that size."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width,
                 height=height, deviceScaleFactor=1, mobile=mobile)
        self.ask("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme",
             "value": "dark" if dark else "light"}])
        self.events.clear()
        self.ask("Page.navigate", url=url)
        self.wait_for("Page.loadEventFired")

    def evaluate(self, expression):
        """A JavaScript expression's value; the tab's own policy is not
        asked."""
        result = self.ask("Runtime.evaluate", expression=expression,
                          returnByValue=True)
        if "exceptionDetails" in result:
            raise BrowserError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def screenshot(self, whole=True, form="png", **options):
        """The page as an image, down to its end."""
        return base64.b64decode(self.ask(
            "Page.captureScreenshot", format=form,
            captureBeyondViewport=whole, **options)["data"])

    def complaints(self):
        """Whatever the console, the log or the policy has said."""
        self.evaluate("0")    # what was said before is there by now
        said = []
        for event in self.events:
            parameters = event.get("params", {})
            if event.get("method") == "Log.entryAdded":
                said.append(parameters["entry"]["text"])
            elif event.get("method") == "Runtime.consoleAPICalled":
                said.append(str(parameters.get("args")))
            elif event.get("method") == "Runtime.exceptionThrown":
                said.append(str(parameters.get("exceptionDetails")))
        return said

    def requests(self):
        """The addresses of everything that the page has asked for."""
        self.evaluate("0")
        return [event["params"]["request"]["url"] for event in self.events
                if event.get("method") == "Network.requestWillBeSent"]
