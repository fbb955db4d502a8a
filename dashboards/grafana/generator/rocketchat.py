"""Rocket.Chat Omnichannel: times against thresholds, volume."""

from . import expressions as e
from . import polling
from .layout import Row, dashboard, standard_variables, variable
from .panels import SHARE, Column, Query, stat, table, timeseries

DEPARTMENT = 'department=~"$department"'
LEGEND = "{{target}} {{department}}"
LABELS = "target, department"
NO_SAMPLE = (" No line where nobody was answered yet today: the vendor's 0 "
             "means that.")


def now(family, by="max"):
    return e.newest(family, LABELS, DEPARTMENT, by)


def against_threshold(title, description, sla):
    return timeseries(
        title, f"{description} Dashed: the threshold from the agent's "
        f"configuration.{NO_SAMPLE}", "s",
        [Query(now(e.ROCKETCHAT_TIMES[sla]), LEGEND),
         Query(e.newest("rocketchat_omnichannel_sla_threshold_seconds",
                        LABELS, f'{DEPARTMENT}, sla="{sla}"'),
               f"{LEGEND} threshold")],
        objective="B", low=0, width=8)


def hourly(title, description, family):
    return timeseries(
        title, description + " From the counter: right across midnight.",
        "short", [Query(e.rate(family, LABELS, DEPARTMENT), LEGEND,
                        step=e.POLLS)], low=0)


def build():
    conversations = now("rocketchat_omnichannel_period_conversations")
    messages = now("rocketchat_omnichannel_period_messages")
    rows = [
        Row("Now",
            stat("Share of the threshold", "Each average of the day so far "
                 "over its threshold: from 100 % on (red) the SLA is missed."
                 + NO_SAMPLE, "percentunit",
                 [Query(e.rocketchat_share(DEPARTMENT),
                        "{{target}} {{department}} {{sla}}")],
                 steps=SHARE, names=True, width=16, height=5, decimals=0),
            *polling.state_panels("rocketchat")),
        Row("Times and thresholds",
            against_threshold("First response time", "Average time to the "
                              "first answer, of chats begun today.",
                              "first_response"),
            against_threshold("Response time", "Average time to any answer, "
                              "of chats begun today.", "response"),
            against_threshold("Reaction time", "Average time from an agent's "
                              "taking a chat to the first answer, of chats "
                              "begun today.", "reaction"),
            table("SLA by department", "Averages of the day so far against "
                  "their thresholds.", "s", [
                      Column("Target", label="target"),
                      Column("Department", label="department"),
                      Column("SLA", label="sla"),
                      Column("Average", decimals=1, query=Query(
                          e.rocketchat_times(DEPARTMENT))),
                      Column("Threshold", query=Query(
                          e.rocketchat_threshold(DEPARTMENT))),
                      Column("Share", unit="percentunit", decimals=0,
                             query=Query(e.rocketchat_share(DEPARTMENT)),
                             steps=SHARE)],
                  width=24, height=8, sort="Share", descending=True)),
        Row("Volume",
            stat("Conversations today", "Chats begun since the day began "
                 "(UTC).", "short", [Query(conversations, LEGEND)],
                 names=True, decimals=0, width=6),
            stat("Messages today", "Messages of agents in chats begun today "
                 "(UTC).", "short", [Query(messages, LEGEND)], names=True,
                 decimals=0, width=6),
            stat("Messages a conversation", "Of the day so far.", "short",
                 [Query(f"{messages} / ({conversations} > 0)", LEGEND)],
                 names=True, decimals=1, width=6),
            stat("Day began", "The vendor's day, a UTC day, that the "
                 "figures so far belong to.", "dateTimeFromNow",
                 [Query("max by (target) (" + e.select(
                     "rocketchat_omnichannel_period_start_timestamp_seconds",
                     DEPARTMENT) + ") * 1000", "{{target}}")],
                 names=True, width=6),
            hourly("Conversations an hour", "Chats begun.",
                   "rocketchat_omnichannel_conversations_total"),
            hourly("Messages an hour", "Messages of agents.",
                   "rocketchat_omnichannel_messages_total"),
            timeseries(
                "Conversations an hour, against a week ago", "The last hour "
                "and the same hour a week ago (dashed).", "short",
                [Query(f"max by ({LABELS}) (increase(" + e.select(
                    "rocketchat_omnichannel_conversations_total", DEPARTMENT)
                    + f"[1h]{offset}))", LEGEND + told, step=e.POLLS)
                 for offset, told in (("", ""),
                                      (" offset 1w", " a week ago"))],
                past="B", low=0, width=24)),
        Row("7 and 30 days",
            table("Days on which the SLA was met", "The share of whole days "
                  "whose average stayed under its threshold. From the "
                  "recording rules in dashboards/prometheus; empty until the "
                  "first whole day is over.", "percentunit", [
                      Column("Target", label="target"),
                      Column("Department", label="department"),
                      Column("SLA", label="sla"),
                      *(Column(f"{days} days", decimals=0, query=Query(
                          e.recorded(f"rocketchat:sla_attainment:ratio{days}d",
                                     f"{LABELS}, sla", DEPARTMENT)))
                        for days in (7, 30))],
                  width=24, height=8, sort="30 days",
                  no_value="No whole day yet")),
        Row("Other times",
            timeseries("Chat duration", "Average time from begin to end of "
                       "chats begun today." + NO_SAMPLE, "s",
                       [Query(now("rocketchat_omnichannel_chat_duration"
                                  "_average_seconds"), LEGEND)], low=0),
            timeseries("Best first response time", "The shortest of chats "
                       "begun today." + NO_SAMPLE, "s",
                       [Query(now("rocketchat_omnichannel_first_response_time"
                                  "_best_seconds", "min"), LEGEND)], low=0)),
        polling.row("rocketchat"),
    ]
    variables = standard_variables("rocketchat") + [
        variable("department", "Department", "The department's name in the "
                 "agent's configuration; all is the whole workspace.",
                 f"rocketchat_omnichannel_period_conversations{{{e.TARGET}}}")]
    return dashboard(
        "cx-rocketchat", "cx_exporter / Rocket.Chat",
        "Response times against thresholds and volume of Rocket.Chat "
        "Omnichannel.", "rocketchat", rows, variables)
