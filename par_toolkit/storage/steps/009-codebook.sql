create table codes (
    -- a community's codebook; what a code says holds no words of stories (those are examples)
    id integer primary key autoincrement,
    code text not null unique,              -- short name, never changed: files call the code by it
    name text not null,
    meaning text not null default '',
    use_when text not null default '',
    use_not text not null default '',
    parent integer references codes(id),
    state text not null check (state in ('used', 'retired', 'merged')),
    merged_into integer references codes(id),
    at text not null,
    check ((state = 'merged') = (merged_into is not null))
);
create table code_examples (
    -- what people said, as a place in a story and never as a copy: it goes with the story
    id integer primary key autoincrement,
    code integer not null references codes(id),
    story integer not null references stories(id) on delete cascade,
    question text not null,
    start_at integer not null,              -- code points into the teller's own answer
    end_at integer not null,
    person integer references people(id),
    at text not null,
    unique (code, story, question, start_at, end_at)
);
create index code_examples_story on code_examples(story);
create table codings (
    -- append-only: what people said about a code on a passage; the last that was not undone holds
    id integer primary key autoincrement,
    act integer not null,                   -- what one touch said, undone as one
    story integer not null references stories(id) on delete cascade,
    question text not null,
    start_at integer not null,
    end_at integer not null,
    code integer not null references codes(id),
    yes integer not null,                   -- 0: people say that the code is not for this passage
    source text not null check (source in ('person', 'suggestion')),
    person integer not null references people(id),
    role text not null,
    at text not null
);
create index codings_story on codings(story, id);
create trigger codings_no_update before update on codings begin
    select raise(abort, 'codings are append-only');
end;
create table coding_undos (
    -- append-only as well
    act integer primary key,
    story integer not null references stories(id) on delete cascade,
    person integer not null references people(id),
    role text not null,
    at text not null
);
create index coding_undos_story on coding_undos(story);
create table rounds (
    -- the order in which stories are looked at, the same for everybody who works at once
    id integer primary key,
    sort text not null check (sort in ('random', 'least_sure')),
    seed integer not null,
    person integer references people(id),
    at text not null
);
create table readings (
    -- append-only: the last row of a story says whether it has been read to the end for codes
    id integer primary key autoincrement,
    story integer not null references stories(id) on delete cascade,
    done integer not null,
    round integer references rounds(id),
    person integer not null references people(id),
    role text not null,
    at text not null
);
create index readings_story on readings(story, id);
create trigger readings_no_update before update on readings begin
    select raise(abort, 'readings are append-only');
end;
