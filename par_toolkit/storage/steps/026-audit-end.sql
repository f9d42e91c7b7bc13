create table audit_end (
    -- how far both chains of the audit trail go, so that rows cut off their ends are missed
    id integer primary key check (id = 1),
    digest text not null                    -- keyed, of the last row of each chain
);
