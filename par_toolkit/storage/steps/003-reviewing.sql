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
