"""Kore.ai: users of the bots."""

from . import expressions as e
from . import polling
from .layout import Row, dashboard, standard_variables, variable
from .panels import Query, stat, timeseries

CHANNEL = 'channel=~"$channel"'
LEGEND = "{{target}} {{channel}}"
LABELS = "target, channel"
# Users of the last complete hour over those of the same hour a week ago.
CHANGE = [("red", None), ("yellow", 0.5), ("green", 0.8)]


def now(family, by="max"):
    return e.newest(family, LABELS, CHANNEL, by)


def users(title, description, family):
    return stat(title, description, "short", [Query(now(family), LEGEND)],
                names=True, decimals=0, height=5)


def build():
    last_hour = "kore_engagement_last_hour_users"
    week_ago = (f"max by ({LABELS}) ({e.select(last_hour, CHANNEL)} "
                "offset 1w)")
    rows = [
        Row("Now",
            users("Last hour", "Users of the latest complete hour.",
                  last_hour),
            users("Running hour", "Users of the hour so far: it starts again "
                  "with each hour.", "kore_engagement_current_hour_users"),
            users("Today", "Distinct users of the day so far.",
                  "kore_engagement_current_day_users"),
            users("Yesterday", "Distinct users of the day before.",
                  "kore_engagement_previous_day_users"),
            *polling.state_panels("kore")),
        Row("Engagement",
            timeseries("Users of the last hour", "Users of the latest "
                       "complete hour, and of the same hour a week ago "
                       "(dashed).", "short",
                       [Query(now(last_hour), LEGEND),
                        Query(week_ago, f"{LEGEND} a week ago")],
                       past="B", low=0, width=16, height=9),
            stat("Against a week ago", "Users of the last hour over those of "
                 "the same hour a week ago: 100 % is no change.",
                 "percentunit",
                 [Query(f"{now(last_hour)} / ({week_ago} > 0)", LEGEND)],
                 steps=CHANGE, names=True, decimals=0, width=8, height=9,
                 no_value="Nothing a week ago"),
            timeseries("Users of the running hour", "A saw: it grows through "
                       "the hour and starts again.", "short",
                       [Query(now("kore_engagement_current_hour_users"),
                              LEGEND)], low=0),
            timeseries("Users of today and yesterday", "Distinct users of "
                       "the day so far, and of the whole day before "
                       "(dashed).", "short",
                       [Query(now("kore_engagement_current_day_users"),
                              LEGEND),
                        Query(now("kore_engagement_previous_day_users"),
                              f"{LEGEND} yesterday")],
                       past="B", low=0),
            timeseries("Hourly users counted", "The sum of the hours' users, "
                       "as a counter's increase an hour: one user active in "
                       "two hours counts twice.", "short",
                       [Query(e.rate("kore_engagement_hourly_users_total",
                                     LABELS, CHANNEL), LEGEND, step="1h")],
                       low=0, width=16),
            stat("Last hour began", "Which hour the figures of the last hour "
                 "are of. Two hours and more: the vendor's figures lag.",
                 "s",
                 [Query("time() - " + now("kore_engagement_last_hour_start"
                                          "_timestamp_seconds", "min"),
                        LEGEND)],
                 steps=[("green", None), ("yellow", 7500), ("red", 11100)],
                 names=True, decimals=0, width=8, height=8)),
        polling.row("kore"),
    ]
    variables = standard_variables("kore") + [
        variable("channel", "Channel", "The channel as the configuration "
                 "has it; all is every channel together.",
                 f"kore_engagement_current_day_users{{{e.TARGET}}}")]
    return dashboard(
        "cx-kore", "cx_exporter / Kore.ai",
        "Users of Kore.ai's bots by hour and day, against a week ago.",
        "kore", rows, variables)
