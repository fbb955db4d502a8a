"""Samespace: STAT insights and the families that insights were given."""

from . import expressions as e
from . import polling
from .layout import Row, dashboard, standard_variables, variable
from .panels import MARGIN, Column, Query, stat, table, timeseries

INSIGHT = 'dashboard=~"$dashboard", title=~"$title"'
LABELS = "target, title, time_range"
LEGEND = "{{target}} {{title}} {{time_range}}"


def now(family, more="", labels=LABELS):
    matchers = f"{INSIGHT}, {more}" if more else INSIGHT
    return e.newest(family, labels, matchers)


def build():
    value, previous = "samespace_stat_value", "samespace_stat_previous_value"
    change = f"{now(value)} - {now(previous)}"
    of = e.SAMESPACE_COLUMNS
    told = f"{LABELS}, format"
    # An insight with a family of its own has left the generic one.
    own = ('max by (target, title, time_range) ({__name__=~"samespace_.+", '
           f'{e.TARGET}, {INSIGHT}, insight!="", '
           '__name__!~"samespace_(stat_previous_|sla_.*)value|.+_total"})')
    rows = [
        Row("Now",
            stat("Insights", "The value of every insight over its time "
                 "range, in the vendor's unit.", "short",
                 [Query(own, LEGEND)], names=True, width=16, height=8),
            *polling.state_panels("samespace", height=8)),
        Row("Objectives",
            table("Insights with an objective", "What the value is, what it "
                  "is to be at least or at most, and how far it is on the "
                  "right side of that: below 0 (red) the objective is "
                  "missed. An insight has an objective where the agent's "
                  "configuration gives it one.", "short", [
                      Column("Target", label="target"),
                      Column("Insight", label="title"),
                      Column("Time range", label="time_range"),
                      Column("Bound", label="bound"),
                      Column("Value", query=Query(
                          e.samespace_level(INSIGHT, of))),
                      Column("Objective", query=Query(
                          e.samespace_objective(INSIGHT, of))),
                      Column("Distance", unit="percentunit", decimals=1,
                             steps=MARGIN, query=Query(
                                 e.samespace_distance(INSIGHT, of)))],
                  height=8, sort="Distance", no_value="No objective"),
            timeseries("Value and objective", "Insights with an objective. "
                       "Dashed: the objective from the agent's "
                       "configuration.", "short",
                       [Query(e.samespace_level(INSIGHT), LEGEND),
                        Query(e.samespace_objective(INSIGHT),
                              LEGEND + " objective")],
                       objective="B")),
        Row("Insights",
            table("STAT insights", "The value over the time range, that of "
                  "the period before, and the difference. Whether a rise is "
                  "good depends on the insight.", "short", [
                      Column("Target", label="target"),
                      Column("Insight", label="title"),
                      Column("Time range", label="time_range"),
                      Column("Format", label="format"),
                      Column("Value", query=Query(now(value, labels=told))),
                      Column("Before", query=Query(
                          now(previous, labels=told))),
                      Column("Change", query=Query(
                          f"{now(value, labels=told)} - "
                          f"{now(previous, labels=told)}"))],
                  width=24, height=8, sort="Insight"),
            timeseries("Values", "Every insight over time, also those with a "
                       "family of their own; use the variable Insight to "
                       "look at one.", "short",
                       [Query(own, LEGEND)], width=24, height=10),
            timeseries("Counts", "Insights whose format is a number.",
                       "short",
                       [Query(now(value, 'format="number"'), LEGEND)],
                       width=12),
            timeseries("Change to the period before", "The value less that "
                       "of the period before.", "short",
                       [Query(change, LEGEND)], width=12)),
        polling.row("samespace", budget=False),
    ]
    source = f'{{__name__=~"samespace_.+", {e.TARGET}}}'
    variables = standard_variables("samespace") + [
        variable("dashboard", "Dashboard", "The id of Samespace's "
                 "dashboard.", source),
        variable("title", "Insight", "The insight's title on its "
                 "dashboard.", source)]
    return dashboard(
        "cx-samespace", "cx_exporter / Samespace",
        "The insights of Samespace's dashboards, with what they were the "
        "period before.", "samespace", rows, variables)
