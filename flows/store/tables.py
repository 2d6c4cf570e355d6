"""The tables of the robot's own record. The durable engine keeps its own beside them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from pydantic import ConfigDict, TypeAdapter

from flows.rules.case import Case, Model, Outcome
from flows.rules.follow_up import FollowUp
from flows.rules.news import News
from flows.rules.scenarios import Escenario
from pages.contract.missing import Absent
from pages.contract.surface import Item

metadata = sa.MetaData()


class Moment(sa.TypeDecorator[datetime]):
    """A moment with its zone, which SQLite forgets: every one is stored in UTC. One that has no
    zone is nobody's moment, and refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class AsJson(sa.TypeDecorator[Any]):
    """A value of this ``kind`` as JSON; what is compared with it is a text."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind
        self._adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        return None if value is None else self._adapter.dump_json(value).decode()

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:
        return None if value is None else self._adapter.validate_json(value)

    def coerce_compared_value(self, op: Any, value: Any) -> sa.Text:
        return sa.Text()


class Stored(Model):
    """A row of a table, made of what a query gives."""

    model_config = ConfigDict(from_attributes=True)


MOMENT = Moment()

runs = sa.Table(
    "cf_runs",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("list_name", sa.String, nullable=False),
    sa.Column("headers", AsJson(tuple[str, ...]), nullable=False),
    sa.Column("requested_by", sa.String, nullable=False),
    sa.Column("dry_run", sa.Boolean, nullable=False),
    sa.Column("started", MOMENT, nullable=False),
    sa.Column("ended", MOMENT),
)
rows = sa.Table(
    "cf_run_rows",
    metadata,
    sa.Column("run", sa.ForeignKey("cf_runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("reference", sa.String, index=True),
    sa.Column("content", sa.Text, nullable=False),
)
chased = sa.Table(
    "cf_chased",
    metadata,
    sa.Column("run", sa.ForeignKey("cf_runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("reference", sa.String, primary_key=True),
)
#: submits so far, of runs that have a limit
writes = sa.Table(
    "cf_writes",
    metadata,
    sa.Column("run", sa.ForeignKey("cf_runs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)
attempts = sa.Table(
    "cf_attempts",
    metadata,
    sa.Column("reference", sa.String, primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("requested_by", sa.String, nullable=False),
    sa.Column("dry_run", sa.Boolean, nullable=False),
    sa.Column("case", AsJson(Case), nullable=False),
    sa.Column("outcome", AsJson(Outcome)),
    sa.Column("started", MOMENT),
    sa.Column("ended", MOMENT),
)
#: what the steps of an attempt depend on besides its case, as it was set when work began
attempt_policies = sa.Table(
    "cf_attempt_policies",
    metadata,
    sa.Column("reference", sa.String, primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("approvals", AsJson(tuple[Escenario, ...]), nullable=False),
)
#: few of very many: what workers look for every few seconds
_open = attempts.c.outcome.is_(None)
sa.Index("cf_attempts_open", attempts.c.reference, sqlite_where=_open, postgresql_where=_open)
steps = sa.Table(
    "cf_steps",
    metadata,
    sa.Column("reference", sa.String, primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("started", MOMENT, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)
approvals = sa.Table(
    "cf_approvals",
    metadata,
    sa.Column("reference", sa.String, primary_key=True),
    sa.Column("digest", sa.String, primary_key=True),
    sa.Column("request", AsJson(dict[str, Any]), nullable=False),
    sa.Column("requested_by", sa.String, nullable=False),
    sa.Column("requested", MOMENT, nullable=False),
    sa.Column("answer", sa.String),
    sa.Column("answered_by", sa.String),
    sa.Column("answered", MOMENT),
    sa.Column("reason", sa.Text),
)
#: what the bills of attended cases said when they were last looked at
follow_ups = sa.Table(
    "cf_follow_ups",
    metadata,
    sa.Column("reference", sa.String, primary_key=True),
    sa.Column("content", AsJson(FollowUp), nullable=False),
    sa.Column("looked", MOMENT, nullable=False),
)
#: workbooks of a drop folder that were worked on, by a digest of name and content
drops = sa.Table(
    "cf_drops",
    metadata,
    sa.Column("content", sa.String, primary_key=True),
    sa.Column("done", MOMENT, nullable=False),
)
journal = sa.Table(
    "cf_handovers",
    metadata,
    sa.Column("reference", sa.String, primary_key=True),
    sa.Column("kind", sa.String, primary_key=True),
    sa.Column("accepted", MOMENT),
)

breakers = sa.Table(
    "cf_breakers",
    metadata,
    sa.Column("portal", sa.String, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),  # in a row
    sa.Column("opened", MOMENT),  # None while the portal is used freely
    sa.Column("retry_at", MOMENT),  # None where only a person can help
    sa.Column("retries", sa.Integer, nullable=False),
    sa.Column("answered", MOMENT),  # when it last closed
    sa.Column("motivo", sa.String, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
)
#: what is looked for in a portal and is not there, by the version of the map that names it
changes = sa.Table(
    "cf_changes",
    metadata,
    sa.Column("portal", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("version", sa.String, primary_key=True),
    sa.Column("absent", AsJson(Absent), nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("picture", sa.LargeBinary, nullable=False),
    sa.Column("missed", MOMENT, nullable=False),
    sa.Column("met", MOMENT),  # when another case had it before it
    sa.Column("told", MOMENT),
)
#: how a portal's pages looked when all was known of them, and when they were last compared; a page
#: in each state has a place of its own
surfaces = sa.Table(
    "cf_surfaces",
    metadata,
    sa.Column("portal", sa.String, primary_key=True),
    sa.Column("place", sa.String, primary_key=True),
    sa.Column("good", AsJson(tuple[Item, ...]), nullable=False),
    sa.Column("latest", AsJson(tuple[Item, ...]), nullable=False),
    sa.Column("first", MOMENT, nullable=False),
    sa.Column("seen", MOMENT, nullable=False),
)
#: what is new there, gone or called otherwise, by what it is about
news = sa.Table(
    "cf_news",
    metadata,
    sa.Column("portal", sa.String, primary_key=True),
    sa.Column("thing", sa.String, primary_key=True),
    sa.Column("place", sa.String, nullable=False),
    sa.Column("content", AsJson(News), nullable=False),
    sa.Column("varies", sa.Boolean, nullable=False),  # with the case: never told
    sa.Column("seen", MOMENT, nullable=False),
    sa.Column("run", sa.String),  # whose report tells it
    sa.Column("checked", MOMENT),  # when `check` told it
)
waiting = sa.Table(
    "cf_waiting",
    metadata,
    sa.Column("reference", sa.String, primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("portal", sa.String, nullable=False),
    sa.Column("step", sa.Integer, nullable=False),  # where the flow goes on
    sa.Column("since", MOMENT, nullable=False),
    sa.Column("parked", MOMENT, nullable=False),  # their order; ahead of now: called
)
sessions = sa.Table(
    "cf_sessions",
    metadata,
    sa.Column("portal", sa.String, primary_key=True),
    sa.Column("username", sa.String, primary_key=True),
    sa.Column("holder", sa.String),
    sa.Column("until", MOMENT),  # a holder that does not renew it by then is dead
    sa.Column("wanted", MOMENT),  # until then somebody else waits for it
    sa.Column("logins", AsJson(list[datetime]), nullable=False),  # when the robot last logged in
)
stop_flag = sa.Table(
    "cf_switch",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("turned_off", MOMENT, nullable=False),
)
files = sa.Table(
    "cf_files",
    metadata,
    sa.Column("reference", sa.String, primary_key=True),
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("sha256", sa.String, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("kept", MOMENT, nullable=False),
)
#: of what is kept of a case, what each file was as it was made
sums = sa.Table(
    "cf_sums",
    metadata,
    sa.Column("reference", sa.String, primary_key=True),
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("sha256", sa.String, nullable=False),
    sa.Column("taken", MOMENT, nullable=False),
)
#: incoming e-mails by their fingerprint; what one says is kept only while it waits
messages = sa.Table(
    "cf_messages",
    metadata,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("state", sa.String, nullable=False, index=True),
    sa.Column("came", MOMENT, nullable=False),
    sa.Column("reference", sa.String, index=True),  # whose it is
    sa.Column("attempt", sa.Integer),  # which goes on with it
    sa.Column("reason", sa.String, nullable=False),  # why it waits
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("candidates", AsJson(tuple[str, ...]), nullable=False),
    sa.Column("sender", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("sent", MOMENT),
    sa.Column("content", sa.LargeBinary),
)
#: where each lies in the mailbox; the same message may lie there twice
copies = sa.Table(
    "cf_message_copies",
    metadata,
    sa.Column("folder", sa.String, primary_key=True),
    sa.Column("uidvalidity", sa.BigInteger, primary_key=True),
    sa.Column("uid", sa.BigInteger, primary_key=True),
    sa.Column("key", sa.String, nullable=False, index=True),
    sa.Column("put_away", sa.Boolean, nullable=False),
)
#: how far each folder was read
mailboxes = sa.Table(
    "cf_mailboxes",
    metadata,
    sa.Column("folder", sa.String, primary_key=True),
    sa.Column("uidvalidity", sa.BigInteger, nullable=False),
    sa.Column("last_uid", sa.BigInteger, nullable=False),
)
#: e-mails of ours that came back
bounces = sa.Table(
    "cf_bounces",
    metadata,
    sa.Column("reference", sa.String, primary_key=True),
    sa.Column("kind", sa.String, primary_key=True),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("came", MOMENT, nullable=False),
)
workers = sa.Table(
    "cf_workers",
    metadata,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("seats", sa.Integer, nullable=False),
    sa.Column("version", sa.String, nullable=False),
    sa.Column("entered", MOMENT, nullable=False),
    sa.Column("beat", MOMENT),
)
