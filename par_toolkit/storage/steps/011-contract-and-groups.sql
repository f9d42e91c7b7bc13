create table contracts (
    -- append-only: what was agreed with the community; the last version holds
    version integer primary key,
    purpose text not null,
    stake text not null,                    -- who has a stake in it, in words
    confidentiality text not null,
    promise text not null
        check (promise in ('inform', 'consult', 'involve', 'collaborate', 'empower')),
    promised text not null,                 -- what that means here, in words
    person integer not null references people(id),
    role text not null,
    at text not null
);
create trigger contracts_no_update before update on contracts begin
    select raise(abort, 'contracts are append-only');
end;
create trigger contracts_no_delete before delete on contracts begin
    select raise(abort, 'contracts are append-only');
end;
create table phases (
    -- append-only: where each cycle stands; the last row of a cycle holds
    id integer primary key,
    cycle text not null,                    -- code of a cycle in inquiry.toml
    phase text not null check (phase in ('plan', 'act', 'observe', 'reflect', 'closed')),
    contract integer not null references contracts(version),
    words text not null default '',         -- why it moved; closing: the reflection
    next text check (next in ('cycle', 'stop')),
    next_cycle text,                        -- closing: where what is open goes to
    next_words text not null default '',    -- closing: the next plan, or why it stops
    person integer not null references people(id),
    role text not null,
    at text not null,
    check ((phase = 'closed') = (next is not null)),
    check ((next is 'cycle') = (next_cycle is not null))
);
create index phases_cycle on phases(cycle, id);
create trigger phases_no_update before update on phases begin
    select raise(abort, 'phases are append-only');
end;
create trigger phases_no_delete before delete on phases begin
    select raise(abort, 'phases are append-only');
end;
create trigger phases_closed_once before insert on phases
when exists (select 1 from phases p where p.cycle = new.cycle and p.phase = 'closed') begin
    select raise(abort, 'a closed cycle is not opened again');
end;
create table stakes (
    -- who has which stake: those who act, those who benefit, those who bear the cost
    id integer primary key autoincrement,
    stake text not null check (stake in ('acts', 'benefits', 'bears')),
    group_code text,                        -- the stakeholder group in inquiry.toml, where there is one
    named text not null,                    -- who is named; empty: nobody yet, or taken away
    why_empty text not null,                -- why nobody is named
    person integer not null references people(id),
    role text not null,
    at text not null,
    removed_by integer references people(id),
    removed_at text,
    check (removed_at is not null or (named = '') <> (why_empty = '')),
    check ((removed_at is null) = (removed_by is null))
);
create table expectations (
    -- what an evaluator expects, sealed before the first story is read and opened at the close
    id integer primary key autoincrement,
    cycle text not null,
    person integer not null references people(id),
    words text not null,
    salt text not null,
    digest text not null,                   -- SHA-256 of salt and words, shown from the first day
    stories_read integer not null,          -- stories that had been read at the desk by then
    sealed_at text not null,
    opened_at text,
    unique (cycle, person)
);
create trigger expectations_sealed
before update of cycle, person, words, salt, digest, stories_read, sealed_at on expectations begin
    select raise(abort, 'what was sealed is not changed');
end;
create trigger expectations_no_delete before delete on expectations begin
    select raise(abort, 'what was sealed is not changed');
end;
create table first_readings (
    -- when somebody could first read stories of a cycle; whoever has sealed nothing by then is late
    cycle text primary key,
    person integer not null references people(id),
    role text not null,
    at text not null
);
create trigger first_readings_no_update before update on first_readings begin
    select raise(abort, 'when reading began is not changed');
end;
create trigger first_readings_no_delete before delete on first_readings begin
    select raise(abort, 'when reading began is not changed');
end;
