create table withdrawn_uuids (
    -- withdrawn stories, by what a locked inquiry can tell them: it has no key for tombstones
    digest text primary key                 -- SHA-256 of the uuid, which is random
);
