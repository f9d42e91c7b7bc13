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
