"""Prometheus' own executables and slowhttptest, without installing or starting a service.

`python3 Tests/EndToEnd/harness/tools.py [NAME …]` fetches them (all by
default) and prints their paths. They come out of the distribution's packages,
which are downloaded and unpacked but not installed, so that none of their
services starts. They are kept in `.build/tools` and used again; one that is in
the PATH is taken instead.
"""

import fcntl
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
TOOLS = ROOT / ".build" / "tools"
PACKAGES = {
    "prometheus": ("prometheus", "promtool"),
    "prometheus-alertmanager": ("prometheus-alertmanager", "amtool"),
    "slowhttptest": ("slowhttptest",)}
# What Debian calls it, where that is not its own name.
CALLED = {"alertmanager": "prometheus-alertmanager"}
# Debian's Alertmanager reads its built-in templates from here, and there is
# nothing where the package is not installed: the unpacked one reads them
# from its working folder, by a path of the same length.
SHARE = b"/usr/share/prometheus/alertmanager"
OWN_SHARE = b"./" + b"alertmanager".rjust(len(SHARE) - 2, b"/")
NAMES = ("prometheus", "promtool", "alertmanager", "amtool", "slowhttptest")


class NoTool(RuntimeError):
    """An executable that could not be had, and what to do."""


def tool(name):
    """The path of one of NAMES; downloaded at the first use."""
    file = CALLED.get(name, name)
    found = shutil.which(name) or shutil.which(file)
    kept = TOOLS / file
    if found or kept.exists():
        return found or str(kept)
    [package] = [p for p, files in PACKAGES.items() if file in files]
    TOOLS.mkdir(parents=True, exist_ok=True)
    # Two runs at once download it once.
    with open(TOOLS / f".{package}.lock", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            unpack(package)
    return str(kept)


def unpack(package):
    """Put the executables of a package into TOOLS."""
    with tempfile.TemporaryDirectory(dir=TOOLS) as folder:
        command(["apt-get", "download", package], folder)
        [archive] = pathlib.Path(folder).glob("*.deb")
        command(["dpkg", "-x", archive.name, "root"], folder)
        root = pathlib.Path(folder, "root")
        share = root / SHARE.decode()[1:]
        if share.is_dir() and not (TOOLS / share.name).exists():
            share.replace(TOOLS / share.name)
        for file in PACKAGES[package]:
            path = root / "usr" / "bin" / file
            path.write_bytes(path.read_bytes().replace(SHARE, OWN_SHARE))
            path.replace(TOOLS / file)


def command(arguments, folder):
    done = subprocess.run(arguments, cwd=folder, capture_output=True,
                          text=True, check=False)
    if done.returncode:
        raise NoTool(f"{' '.join(arguments)}: {done.stderr.strip()} (run "
                     "apt-get update, or put the tool into the PATH)")


def promtool(*arguments, **options):
    """Run promtool: its exit status and everything it said."""
    return said("promtool", *arguments, **options)


def amtool(*arguments, **options):
    """Run amtool: its exit status and everything it said."""
    return said("amtool", *arguments, **options)


def said(name, *arguments, timeout=120, **options):
    done = subprocess.run(
        [tool(name), *map(str, arguments)], stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, check=False, timeout=timeout,
        **options)
    return done.returncode, done.stdout.strip()


if __name__ == "__main__":
    try:
        print(*(tool(name) for name in sys.argv[1:] or NAMES), sep="\n")
    except (NoTool, OSError) as problem:
        sys.exit(f"{problem}")
