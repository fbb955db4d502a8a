"""promtool on the agent's own output; where it comes from: harness/tools.py.

`python3 Tests/EndToEnd/promtool.py` prints the path of the executable.
"""

import subprocess
import sys

from harness import tools


def promtool():
    """The path of promtool; downloaded at the first use."""
    return tools.tool("promtool")


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
    except tools.NoTool as problem:
        sys.exit(f"{problem}")
