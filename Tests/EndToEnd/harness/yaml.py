"""A configuration as block YAML."""

import json
import re

PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*|\d+(ms|s|m|h|d|w|MiB|KiB)")
WORDS = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}


def dump(value, indent=0):
    """The YAML text of dicts, lists, strings, numbers and booleans."""
    pad = "  " * indent
    lines = []
    if isinstance(value, dict):
        for key, item in value.items():
            lines.append(entry(f"{pad}{scalar(key)}:", item, indent))
    else:
        for item in value:
            if isinstance(item, (dict, list, tuple)) and item:
                nested = dump(item, indent + 1)
                lines.append(f"{pad}- {nested.lstrip()}")
            else:
                lines.append(entry(f"{pad}-", item, indent))
    return "".join(lines)


def entry(head, item, indent):
    if isinstance(item, (dict, list, tuple)):
        if not item:
            return f"{head} {json.dumps(item)}\n"
        return f"{head}\n{dump(item, indent + 1)}"
    return f"{head} {scalar(item)}\n"


def scalar(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if PLAIN.fullmatch(value) and value.lower() not in WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
