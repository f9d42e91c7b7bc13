-- the numbers of a pairing run from first_seq to last_seq; empty: from 1
alter table devices add column first_seq integer;
create table device_numbers (
    -- which of its numbers a tablet has brought here; it names no story, and outlives them
    device integer not null references devices(id),
    number integer not null,
    primary key (device, number)
) without rowid;
insert into device_numbers
    select distinct device, device_seq from stories
    where device is not null and device_seq is not null;
create table inbox (
    -- sealed stories that came while the opening key was away
    id integer primary key,
    uuid text not null,
    mark text not null,                     -- SHA-256 of the sealed bytes
    sealed blob not null,
    device integer references devices(id),
    device_seq integer,                     -- as the tablet says beside the seal
    reason text,                            -- why it could not be kept when it was opened
    received_at text not null,
    unique (uuid, mark)
);
insert into counters values ('sealed_in', 0);
