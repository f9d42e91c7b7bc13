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
