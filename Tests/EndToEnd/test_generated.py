"""The manual page and the shells' completions, made from the table of flags."""

import os
import pathlib
import re
import shlex
import subprocess
import tempfile
import unittest

from harness.agent import run


def generated(word):
    done = run(word)
    assert done.returncode == 0 and not done.stderr, (word, done.stderr)
    return done.stdout


def shell(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=60,
                          check=False, **options)


class Generated(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="cx-e2e-")
        cls.addClassCleanup(cls.folder.cleanup)
        text = run("--help").stdout
        cls.flags = re.findall(r"^  (--[a-z.-]+)", text, re.M)
        cls.commands = re.findall(r"^  ([a-z]+) ", text, re.M)
        cls.assertGreater(cls(), len(cls.flags), 15)

    def runTest(self):
        """For the instance that setUpClass asks."""

    def written(self, name, word):
        path = pathlib.Path(self.folder.name, name)
        path.write_text(generated(word), "utf-8")
        return str(path)

    def test_manual_page(self):
        path = self.written("cx_exporter.1", "--help-man")
        # Not man(1), which Ubuntu's container images lack.
        done = shell("groff", "-man", "-ww", "-Tascii", "-P-cbou", path)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        shown = " ".join(done.stdout.split())
        for word in (*self.flags, *self.commands, "EXIT STATUS", "SIGHUP",
                     "--log.level=debug|info|warn|error", "Default: :10067."):
            self.assertIn(word, shown)

    def test_bash(self):
        path = self.written("bash", "--completion-script-bash")
        pathlib.Path(self.folder.name, "a file.yaml").touch()
        pathlib.Path(self.folder.name, "a-folder").mkdir()

        def complete(*words):
            line = " ".join(map(shlex.quote, ("cx_exporter", *words)))
            done = shell(
                "bash", "-uc", f"compopt() {{ :; }}; source {path}; "
                f"COMP_WORDS=({line}); COMP_CWORD={len(words)}; _cx_exporter; "
                "printf '%s\\n' ${COMPREPLY[@]+\"${COMPREPLY[@]}\"}",
                cwd=self.folder.name)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            return [x for x in done.stdout.split("\n") if x]

        self.assertEqual(set(complete("--")) - {
            x for x in complete("--no-")}, set(self.flags))
        self.assertIn("--no-web.enable-lifecycle", complete("--no-"))
        self.assertEqual(complete(""), self.commands)
        self.assertEqual(complete("ch"), ["check"])
        levels = ["debug", "info", "warn", "error"]
        for words, found in (
                (["--log.level", ""], levels), (["--log.level", "="], levels),
                (["--log.level", "=", "d"], ["debug"]),
                (["--config.file", "a f"], ["a file.yaml"]),
                (["--config.file", "=", "a f"], ["a file.yaml"]),
                (["--storage.path", "a"], ["a-folder"]),
                (["--shard", "="], []), (["nothing"], [])):
            with self.subTest(words=words):
                self.assertEqual(complete(*words), found)

    def test_zsh(self):
        path = self.written("_cx_exporter", "--completion-script-zsh")
        done = shell("zsh", "-n", path)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        # What zsh makes of the file: the words that _arguments is given.
        done = shell("zsh", "-fc", "_arguments() { print -rl -- $@ }; "
                     f"source {path}")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        specs = done.stdout.splitlines()
        for flag in self.flags:
            with self.subTest(flag=flag):
                self.assertEqual(len([
                    x for x in specs if re.match(
                        r"(\([^)]*\)|\*)?" + re.escape(flag) + r"=?\[", x)]),
                    1)
        self.assertTrue(specs[-1].startswith("1:command:((demo"))

    def test_fish(self):
        path = self.written("cx_exporter.fish", "--completion-script-fish")
        home = {**os.environ, "HOME": self.folder.name,
                "XDG_CONFIG_HOME": self.folder.name}
        self.assertEqual(shell("fish", "-n", path, env=home).stderr, "")

        def complete(line):
            done = shell("fish", "--no-config", "-c", f"source {path}; "
                         f"complete -C {shlex.quote(line)}", env=home)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            return [x.split("\t")[0] for x in done.stdout.splitlines()]

        for flag in self.flags:
            self.assertIn(flag, [x.rstrip("=") for x in complete(
                f"cx_exporter {flag}")])
        self.assertEqual(sorted(complete("cx_exporter ")),
                         sorted(self.commands))
        self.assertEqual(complete("cx_exporter --log.level "),
                         ["debug", "error", "info", "warn"])
