create table contacts (
    -- how a teller may be reached, where they agreed to it and said how; apart from their story
    story integer not null references stories(id) on delete cascade,
    sibling integer unique references siblings(id) on delete cascade, -- empty: of the story itself
    cell blob not null,                     -- encrypted, each by itself; opens in this row only
    noted_at text not null
);
create unique index contacts_story on contacts(story) where sibling is null;
create table contact_readings (
    -- who was told how to reach a teller, and why
    id integer primary key,
    story integer not null references stories(id) on delete cascade,
    person integer not null references people(id),
    reason text not null check (reason in ('asked', 'ask_back', 'tell_outcome', 'at_risk', 'other')),
    words text not null,                    -- why, in the words of whoever asked
    at text not null
);
create index contact_readings_story on contact_readings(story);
