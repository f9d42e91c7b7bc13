-- Guests look at the findings and at nothing else. SQLite changes no check of a column that is
-- there, so the column is made anew; what says no role is the least of them.
alter table people add column part text not null default 'guest'
    check (part in ('facilitator', 'evaluator', 'steward', 'safeguarding', 'guest'));
update people set part = role;
alter table people drop column role;
alter table people rename column part to role;
create table waiting_builds (
    -- a build that stewards read before it goes live; it is 'kept' in builds until it is doomed
    build integer primary key references builds(build) on delete cascade,
    maker integer references people(id),    -- who asked for it; empty: by command line
    figures text not null                   -- what shown_figures holds once it is live
);
create table build_approvals (
    build integer not null references waiting_builds(build) on delete cascade on update cascade,
    person integer not null references people(id),
    at text not null,
    primary key (build, person)
);
