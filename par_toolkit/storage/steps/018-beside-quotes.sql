create table beside_shown (
    -- what once stood beside the words of a story in a build: whoever kept that build knows it for ever
    story integer primary key references stories(id) on delete cascade,
    attribute text not null check (attribute in ('kind', 'group'))
);
