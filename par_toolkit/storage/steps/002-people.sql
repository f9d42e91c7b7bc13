create table people (
    id integer primary key,
    name text not null unique collate nocase,
    role text not null check (role in ('facilitator', 'evaluator', 'steward', 'safeguarding')),
    password text,                          -- salted hash
    link text,                              -- SHA-256 of the one-time link's token
    link_until text,
    session text not null,                  -- changes when sessions must end
    disabled_at text,
    added_at text not null
);
create table audit (
    -- append-only and hash-chained; the details stay here, the rest may be published
    seq integer primary key,
    at text not null,
    quarter text not null,
    role text not null,
    action text not null,
    person integer,
    subject text,
    digest text not null,                   -- keyed digest of at, person and subject
    previous text not null,
    hash text not null
);
create trigger audit_no_update before update on audit begin
    select raise(abort, 'the audit trail is append-only');
end;
create trigger audit_no_delete before delete on audit begin
    select raise(abort, 'the audit trail is append-only');
end;
