create table export_requests (
    -- a copy of everything, asked for at the desk by one person and agreed to by another
    id integer primary key autoincrement,
    asked_by integer not null references people(id),
    asked_at text not null,
    agreed_by integer references people(id),
    agreed_at text,
    ended_at text,                          -- handed over, once, or taken back
    handed_over integer not null default 0, -- 1: it was handed over
    check ((agreed_at is null) = (agreed_by is null)),
    check (agreed_by is null or agreed_by <> asked_by),
    check (not handed_over or (agreed_at is not null and ended_at is not null))
);
create table sittings (
    -- who is signed in at the desk, and since when; whoever is signed in twice is told
    id integer primary key autoincrement,   -- never given again: an old cookie opens nothing
    person integer not null references people(id),
    begun_at text not null,
    ended_at text
);
create index sittings_person on sittings(person);
