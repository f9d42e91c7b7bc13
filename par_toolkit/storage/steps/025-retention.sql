create table clock_seen (
    -- the last time that was believed: a clock that jumps must not make everything old at once
    id integer primary key check (id = 1),
    at text not null
);
create table said_ahead (
    -- on which days the desk said what will be past its time, and up to what age that reached
    kind text not null check (kind in ('stories', 'contact')),
    day text not null,
    through text not null,                  -- what is older than this was spoken of
    primary key (kind, day)
);
-- the desk asks at every visit which stories are near the end of their time
create index stories_told on stories(told_at);
