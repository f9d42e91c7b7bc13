create table voices (
    -- an answer that was spoken; the sound itself is a file in media/, which only this row names
    id integer primary key autoincrement,   -- never given again: an old address plays nobody else
    story integer references stories(id) on delete cascade,
    sibling integer references siblings(id) on delete cascade,
    question text not null,
    file text not null unique,              -- a random name
    type text not null check (type in ('audio/webm', 'audio/ogg', 'audio/mp4')),
    seconds integer not null,
    bytes integer not null,
    digest text not null,                   -- keyed digest of the sound, to see that it is whole
    own_length integer not null,            -- code points that the teller wrote for that question
    typed_up_by integer references people(id),
    typed_up_at text,                       -- empty: what was said waits to be typed up
    check ((story is null) <> (sibling is null))
);
create index voices_story on voices(story);
create index voices_sibling on voices(sibling);
