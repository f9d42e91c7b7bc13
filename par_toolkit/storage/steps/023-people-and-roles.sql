create table second_factors (
    -- what somebody types beside their password; the secret is encrypted, and in no export
    person integer primary key references people(id),
    secret blob not null,                   -- AES-GCM, bound to the person
    begun_at text not null,
    confirmed_at text,                      -- from then on it is asked for
    last_step integer not null default 0,   -- the last code that was used: none is used twice
    reset text,                             -- SHA-256 of a one-time code that takes its place
    reset_until text
);
create table recovery_codes (
    -- for whoever lost what makes the codes: each opens once
    id integer primary key,
    person integer not null references people(id),
    digest text not null unique,            -- SHA-256 of the code
    used_at text
);
create index recovery_codes_person on recovery_codes(person);
create table withdrawal_requests (
    -- a withdrawal at the desk for a teller: one person asks, another agrees
    id integer primary key autoincrement,
    story integer not null references stories(id) on delete cascade,
    reason text not null check (reason in ('lost_slip', 'asked_in_person', 'asked_by_phone_or_letter')),
    asked_by integer not null references people(id),
    asked_at text not null
);
create index withdrawal_requests_story on withdrawal_requests(story);
create table help_requests (
    -- 'I need help now': for the safeguarding contact alone, and no part of the research
    id text primary key,                    -- random
    words blob not null,                    -- AES-GCM, bound to the id: name, how to reach, when
    state text not null default 'new' check (state in ('new', 'seen', 'done')),
    asked_at text not null,
    done_at text
);
