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
