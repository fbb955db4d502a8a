"""JSON that a person can read and a diff can show."""

import json

WIDTH = 110


def to_json(value, indent=0, lead=0):
    """JSON in which whatever fits on a line stays on one.

    `lead` is how much of the first line is taken.
    """
    pad = "  " * indent
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or (
            len(pad) + lead + len(flat) < WIDTH):
        return flat
    if isinstance(value, dict):
        items = []
        for key, item in value.items():
            head = f"{json.dumps(key)}: "
            items.append(head + to_json(item, indent + 1, len(head)))
        opening, closing = "{", "}"
    else:
        items = [to_json(item, indent + 1) for item in value]
        opening, closing = "[", "]"
    lines = ",\n".join(f"{pad}  {item}" for item in items)
    return f"{opening}\n{lines}\n{pad}{closing}"
