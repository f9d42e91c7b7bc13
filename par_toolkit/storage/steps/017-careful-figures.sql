create table topic_marks (
    -- append-only: which sensitive topics people say a theme or a statement is about; its last row of
    -- each topic holds
    id integer primary key autoincrement,
    kind text not null check (kind in ('theme', 'statement')),
    reference integer not null,
    topic text not null,                    -- the code of a topic of inquiry.toml
    marked integer not null check (marked in (0, 1)),
    person integer not null references people(id),
    role text not null,
    at text not null
);
create index topic_marks_of on topic_marks(kind, reference, topic, id);
create trigger topic_marks_no_update before update on topic_marks begin
    select raise(abort, 'marks of topics are append-only');
end;
create table joinings (
    -- append-only: what stewards say of counting a group of race or Indigenous identity in a wider one
    id integer primary key autoincrement,
    group_code text not null,
    wider_code text not null,
    agreed integer not null check (agreed in (0, 1)),
    person integer not null references people(id),
    at text not null
);
create index joinings_of on joinings(group_code, wider_code, person, id);
create trigger joinings_no_update before update on joinings begin
    select raise(abort, 'what stewards say of joining groups is append-only');
end;
