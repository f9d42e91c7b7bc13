"""The tables of private.db, in numbered steps; each step runs once, in one transaction."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlite_utils import Database, Migrations

private: Final = Migrations("par_toolkit")

KEEPING = """
create table receipts (
    id integer primary key,
    mark text not null unique               -- HMAC of the code; the digits are never kept
);
create table devices (
    id integer primary key,
    name text not null,
    token text not null unique,             -- SHA-256 of the token
    until text,                             -- the token ends at this time; empty: never
    revoked_at text,
    last_seq integer not null default 0,    -- highest number the device has given a story
    last_seen_at text,
    added_at text not null
);
create table stories (
    -- whatever a form collects from one person at one time: a story, reflection or feedback
    id integer primary key autoincrement,   -- never given again: old pages reach nobody new
    uuid text not null unique,              -- made when the telling begins (promise 2)
    form text not null,
    form_version integer not null,
    themed integer not null,                -- 1: the form's words are looked at for themes
    language text not null,                 -- language the form was answered in
    answers text not null,                  -- JSON object, question -> answer
    words text not null,                    -- JSON list of the questions that carry free words
    cycle text,
    group_code text,                        -- stakeholder group the teller says they are in
    kind text,                              -- success, challenge or both, as the teller says
    source text not null check (source in ('web', 'tablet', 'paper', 'import', 'demo')),
    receipt integer references receipts(id),
    device integer references devices(id),
    device_seq integer,
    content text not null,                  -- keyed digest of what was sent: repeat or sibling?
    reviewed text not null,                 -- keyed digest of the words after redaction
    suggested_at text,                      -- when redactions were last suggested
    read_at text,                           -- when it was first read at the desk
    told_at text not null
);
create index stories_receipt on stories(receipt);
create index stories_content on stories(content);
create table siblings (
    -- the same uuid with other content: kept for a person to look at, never overwritten
    id integer primary key,
    story integer not null references stories(id) on delete cascade,
    content text not null,
    told text not null,                     -- JSON of all that was sent
    receipt integer references receipts(id),
    received_at text not null,
    unique (story, content)
);
create table consents (
    -- append-only: the last row of each use is what holds now
    id integer primary key,
    story integer not null references stories(id) on delete cascade,
    use text not null check (use in ('analyse', 'quote', 'publish', 'contact')),
    granted integer not null,
    wording integer not null,
    source text not null,                   -- telling, mine, desk, import, command line
    at text not null
);
create index consents_story on consents(story, use, id);
create view consent_now as
    select story, use, granted, wording, at from consents c
    where not exists (
        select 1 from consents d where d.story = c.story and d.use = c.use and d.id > c.id
    );
create trigger consents_no_update before update on consents begin
    select raise(abort, 'consents are append-only');
end;
create table consent_wordings (
    wording integer primary key,
    texts text not null,                    -- JSON; a wording once used never changes
    first_used_at text not null
);
create table tombstones (
    -- what was withdrawn and must never come back
    mark text primary key,                  -- keyed digest of the uuid or of the receipt code
    kind text not null check (kind in ('story', 'receipt')),
    themed integer not null,                -- 1: counted among the stories that came in
    at text not null
);
create table counters (
    name text primary key,
    value integer not null
);
insert into counters values ('stories_in', 0);
"""

PEOPLE = """
create table people (
    id integer primary key,
    name text not null unique collate nocase,
    role text not null check (role in ('facilitator', 'evaluator', 'steward', 'safeguarding')),
    password text,                          -- salted hash
    link text,                              -- SHA-256 of the one-time link's token
    link_until text,
    session text not null,                  -- changes when sessions must end
    disabled_at text,
    added_at text not null
);
create table audit (
    -- append-only and hash-chained; the details stay here, the rest may be published
    seq integer primary key,
    at text not null,
    quarter text not null,
    role text not null,
    action text not null,
    person integer,
    subject text,
    digest text not null,                   -- keyed digest of at, person and subject
    previous text not null,
    hash text not null
);
create trigger audit_no_update before update on audit begin
    select raise(abort, 'the audit trail is append-only');
end;
create trigger audit_no_delete before delete on audit begin
    select raise(abort, 'the audit trail is append-only');
end;
"""

REVIEWING = """
create table redactions (
    id integer primary key autoincrement,   -- never given again, as with stories
    story integer not null references stories(id) on delete cascade,
    question text not null,
    start_at integer not null,              -- code points into the teller's own answer
    end_at integer not null,
    label text not null,                    -- shown in [brackets]
    source text not null check (source in ('rule', 'names', 'person')),
    state text not null check (state in ('suggested', 'accepted', 'rejected')),
    person integer references people(id),
    at text not null,
    unique (story, question, start_at, end_at)
);
create table approvals (
    id integer primary key,
    story integer not null references stories(id) on delete cascade,
    person integer not null references people(id),
    reviewed text not null,                 -- the words approved; other words need new approvals
    at text not null,
    unique (story, person, reviewed)
);
"""

THEMING = """
create table runs (
    id integer primary key,
    seed integer not null,
    settings text not null,                 -- JSON
    versions text not null,                 -- JSON
    texts_hash text not null,
    text_count integer not null,
    limits text not null,                   -- JSON list: what the machine could not do
    seconds real not null,
    at text not null
);
create table run_texts (
    run integer not null references runs(id) on delete cascade,
    story integer not null references stories(id) on delete cascade,
    text_hash text not null,
    primary key (run, story)
);
create table themes (
    id integer primary key,
    run integer references runs(id),
    name text,                              -- people's name; empty until they give one
    meaning text not null default '',
    words text not null,                    -- JSON list of typical words
    state text not null check (state in ('proposed', 'endorsed', 'rejected', 'merged', 'replaced')),
    merged_into integer references themes(id),
    endorsed_by integer references people(id),
    endorsed_role text,
    endorsed_at text,
    at text not null
);
create table theme_stories (
    theme integer not null references themes(id) on delete cascade,
    story integer not null references stories(id) on delete cascade,
    score real,
    question text not null,                 -- where the most typical passage stands
    start_at integer not null,
    end_at integer not null,
    source text not null check (source in ('machine', 'person')),
    endorsed integer not null default 0,    -- 1: a person has said yes to it (promise 10)
    primary key (theme, story)
);
create index theme_stories_story on theme_stories(story);
create table shelf (
    -- stories in no theme, with the reason
    story integer primary key references stories(id) on delete cascade,
    kind text not null check (kind in ('stands_alone', 'says_little')),
    reason text not null,
    source text not null check (source in ('machine', 'person')),
    at text not null
);
"""

PUBLISHING = """
create table builds (
    build integer primary key,
    file text not null,
    -- doomed: it holds words that were taken back
    state text not null check (state in ('kept', 'doomed', 'deleted')),
    why text not null,                      -- publish, withdrawal
    themes text not null,                   -- JSON: private theme id -> [public id, name]
    at text not null
);
create table build_uses (
    -- whose words stand where in which build; what a withdrawal must reach
    build integer not null references builds(build),
    story integer not null references stories(id) on delete cascade,
    kind text not null check (kind in ('quote', 'story')),
    public_id text not null,
    question text,
    start_at integer,
    end_at integer,
    primary key (build, kind, public_id)
);
create index build_uses_story on build_uses(story);
create table takedowns (
    -- what must leave the live findings; emptied once it has
    id integer primary key,
    kind text not null check (kind in ('quote', 'story', 'link', 'word')),
    public_id text,                         -- of the quote or story
    word text,                              -- a theme's word that nobody else used
    at text not null
);
create table erasures (
    id integer primary key,
    asked_at text not null,
    unpublished_at text,                    -- gone from the findings
    done_at text                            -- gone from every byte kept here
);
"""


def _step(number: int, sql: str) -> None:
    """Register `sql` as the migration with this number."""

    def migrate(db: Database) -> None:
        for statement in _statements(sql):
            db.conn.execute(statement)

    private(name=f"{number:03d}")(migrate)


def _statements(sql: str) -> list[str]:
    """Split a script at the ends of its statements; triggers hold semicolons of their own."""
    statements, current = [], ""
    for line in sql.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            statements.append(current)
            current = ""
    return statements


STEPS: Final = (KEEPING, PEOPLE, REVIEWING, THEMING, PUBLISHING)
for _number, _sql in enumerate(STEPS, start=1):
    _step(_number, _sql)
LATEST: Final = len(STEPS)
