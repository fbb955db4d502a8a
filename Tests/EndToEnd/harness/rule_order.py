"""Whether what a rule says depends on when other rules are evaluated.

Prometheus evaluates groups at the same time, promtool in random order. Within
a group rules are evaluated one after the other, in order; Prometheus'
concurrent-rule-eval and Mimir evaluate several at once only if none of them
reads another's record. So a rule may read a record

- of an earlier rule of its own group, in any form: it has been written;
- of another group with `offset` of at least `SETTLED`, the range before it
  included: the newest sample that is read is older than any evaluation that
  may still be running. Without it the newest sample is there or not, by
  chance, also in a range (`x[1d]`) and in a subquery (`x[1w:1d]`).

It may not read a later rule of its own group, nor itself: it would get what
that one said at the evaluation before. `@` and a negative `offset` may name
the present, and `ALERTS` is what the alerts of any group write.
"""

import re

# Longer than an interval between evaluations and the time one takes.
SETTLED = 3600
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800,
         "y": 31536000}
WRITTEN_BY_ALERTS = ("ALERTS", "ALERTS_FOR_STATE")
# Strings go first: neither braces nor a # in them mean anything. Whoever
# selects by a name in a string is found by `__name__`.
STRING = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|`[^`]*`')
COMMENT = re.compile(r"#[^\n]*")
DURATION = r"(?:\d+(?:ms|[smhdwy]))+"
SELECTOR = re.compile(
    r"(?<![\w:])(?P<name>[A-Za-z_:][\w:]*)(?:\s*\{[^}]*\})?"
    rf"(?:\s*\[[^\]]*\])?(?:\s*offset\s+(?P<offset>-?\s*{DURATION}))?"
    r"(?P<at>\s*@)?")


def seconds(duration):
    """`1w2d` as seconds; negative with a sign."""
    parts = re.findall(r"(\d+)(ms|[smhdwy])", duration)
    total = sum(int(number) * UNITS[unit] for number, unit in parts)
    return -total if duration.startswith("-") else total


def reads(expression):
    """Every name with its own offset in seconds, None for one with `@`."""
    code = COMMENT.sub("", STRING.sub('""', expression))
    return [(found["name"],
             None if found["at"] else seconds(found["offset"] or "0s"))
            for found in SELECTOR.finditer(code)]


def problems(groups):
    """What depends on the order, in words: nothing if all is well.

    `groups` are those of all rule files, as YAML gives them.
    """
    places = {}     # the record's name: where it is made
    for group in groups:
        for index, rule in enumerate(group["rules"]):
            if "record" in rule:
                places.setdefault(rule["record"], []).append(
                    (group["name"], index))
    found = []
    for group in groups:
        for index, rule in enumerate(group["rules"]):
            name = rule.get("record") or rule["alert"]
            for read, offset in reads(rule["expr"]):
                problem = judge(read, offset, places, group["name"], index)
                if problem:
                    found.append(f"{group['name']}: {name} reads {read}, "
                                 f"{problem}")
    return found


def judge(read, offset, places, group, index):
    """What is wrong with a rule's reading of a name; None if nothing is."""
    if read == "__name__":
        return "which may be any record"
    if read in WRITTEN_BY_ALERTS:
        return "which alerts write when they are evaluated"
    for other, place in places.get(read, ()):
        if other == group:
            if place == index:
                return "itself"
            if place > index:
                return "a later rule of its group"
            if offset is None or offset < 0:
                return "at another time than its own or an earlier one"
        elif offset is None or offset < SETTLED:
            return f"a record of {other}, without an offset of an hour"
    return None
