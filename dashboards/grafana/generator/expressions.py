"""PromQL that more than one dashboard needs."""

SITE = 'job=~"$job", instance=~"$instance"'
TARGET = SITE + ', target=~"$target"'
# The shortest step of panels that show rates of what changes once a poll.
POLLS = "5m"


def select(family, more="", base=TARGET):
    """The family's series that the variables choose."""
    return f"{family}{{{', '.join(part for part in (base, more) if part)}}}"


def rate(family, labels, more="", per="3600", by="max"):
    """A counter's increase an hour.

    `max`, because two agents that poll the same target count the same.
    """
    inner = f"rate({select(family, more)}[$__rate_interval])"
    factor = f" * {per}" if per else ""
    return f"{by} by ({labels}) ({inner}){factor}"


def newest(family, labels, more="", by="max"):
    return f"{by} by ({labels}) ({select(family, more)})"


# Experia: the share of sessions inside the threshold, and the objective.

def experia_attained(more='period="daily"'):
    return newest("experia_sla_compliance_ratio", "target, view, sla", more,
                  by="min")


def experia_objective(more=""):
    return newest("experia_sla_objective_ratio", "target, view, sla", more)


# Rocket.Chat: averages, and the thresholds that they are to stay under.

ROCKETCHAT_TIMES = {
    "first_response": "rocketchat_omnichannel_first_response_time_average_seconds",
    "response": "rocketchat_omnichannel_response_time_average_seconds",
    "reaction": "rocketchat_omnichannel_reaction_time_average_seconds"}


def rocketchat_times(more=""):
    """The three averages as one vector with the label `sla`."""
    return " or ".join(
        f'label_replace({newest(family, "target, department", more)}, '
        f'"sla", "{sla}", "", "")'
        for sla, family in ROCKETCHAT_TIMES.items())


def rocketchat_threshold(more=""):
    return newest("rocketchat_omnichannel_sla_threshold_seconds",
                  "target, department, sla", more)


def rocketchat_share(more=""):
    """Each average as a share of its threshold: 1 is the threshold."""
    return f"({rocketchat_times(more)}) / {rocketchat_threshold(more)}"


def data_age(more=""):
    """Seconds since each target was last polled with success."""
    return (f"time() - max by (target) ("
            f"{select('cx_exporter_target_last_success_timestamp_seconds', more)})")


def staleness(more=""):
    """The age as a share of what the target may have: at 1 it is stale."""
    return (f"({data_age(more)}) / "
            f"{newest('cx_exporter_target_stale_after_seconds', 'target', more)}")


# Samespace: insights that were given an objective, a least or a most.

SAMESPACE_LABELS = "target, title, time_range"
SAMESPACE_COLUMNS = SAMESPACE_LABELS + ", bound"


def samespace_level(more="", labels=SAMESPACE_LABELS):
    return newest("samespace_sla_value", labels, more)


def samespace_objective(more="", labels=SAMESPACE_LABELS):
    return newest("samespace_sla_objective_value", labels, more)


def samespace_distance(more="", labels=SAMESPACE_LABELS):
    """How far a value is on the right side, as a share of its objective."""
    least, most = (", ".join(filter(None, (more, f'bound="{bound}"')))
                   for bound in ("at_least", "at_most"))
    return (f"({samespace_level(least, labels)} - "
            f"{samespace_objective(least, labels)}"
            f" or {samespace_objective(most, labels)} - "
            f"{samespace_level(most, labels)})"
            f" / abs({samespace_objective(more, labels)})")


def recorded(name, labels, more="", by="min"):
    """A series of Prometheus' recording rules."""
    return newest(name, labels, more, by)


def alerts(family="ALERTS", more=""):
    """Our alerts; those of an agent or a budget have no target."""
    matchers = ['alertname=~"CX.*"', *(
        f'{name}=~"${name}|"' for name in ("job", "instance", "target"))]
    return f"{family}{{{', '.join(filter(None, [*matchers, more]))}}}"


def budget_left():
    """What is left of each request budget; its label is a target's name."""
    left = select("cx_exporter_rate_limit_remaining_requests", base=SITE)
    limit = select("cx_exporter_rate_limit_requests", base=SITE)
    return (f"min by (vendor, budget, window) ({left})"
            f" / max by (vendor, budget, window) ({limit})")
