create table keepers (
    -- people who keep a key elsewhere that opens the backups and copies which are sealed to them
    id integer primary key autoincrement,
    name text not null,
    role text not null check (role in ('evaluator', 'steward')),
    recipient text not null,                -- the public half of their key; it opens nothing
    added_at text not null,
    ended_at text                           -- nothing is sealed to them since
);
create unique index keepers_now on keepers(recipient) where ended_at is null;
create table backups (
    -- backups that were made here, and opened once; the files may lie elsewhere
    id integer primary key autoincrement,
    made_at text not null,
    bytes integer not null,
    keepers integer not null                -- how many people's keys open it; 0: it is not sealed
);
