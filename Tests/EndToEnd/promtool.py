"""promtool from Debian's package, without installing or starting anything.

`python3 Tests/EndToEnd/promtool.py` prints the path of the executable. It is
kept in `.build/tools` and used again on the next run.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".build" / "tools"


def promtool():
    """The path of promtool; downloaded at the first use."""
    found = shutil.which("promtool")
    kept = TOOLS / "promtool"
    if found or kept.exists():
        return found or str(kept)
    TOOLS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=TOOLS) as folder:
        subprocess.run(["apt-get", "download", "prometheus"], cwd=folder,
                       check=True, capture_output=True)
        [archive] = pathlib.Path(folder).glob("*.deb")
        subprocess.run(["dpkg", "-x", archive.name, "root"], cwd=folder,
                       check=True, capture_output=True)
        pathlib.Path(folder, "root/usr/bin/promtool").replace(kept)
    return str(kept)


def check_metrics(text):
    """What `promtool check metrics` says; nothing if all is well."""
    done = subprocess.run([promtool(), "check", "metrics"], input=text,
                          capture_output=True, text=True, check=False,
                          timeout=60)
    said = (done.stdout + done.stderr).strip()
    if done.returncode and not said:
        return f"exit status {done.returncode}"
    return said


if __name__ == "__main__":
    try:
        print(promtool())
    except subprocess.CalledProcessError as error:
        sys.exit(f"promtool: {error}: {error.stderr.decode().strip()}")
