-- what a run knows of each story beside its theme
alter table theme_stories add column main integer not null default 1;  -- 0: only the passage drew the story here
alter table theme_stories add column margin real;  -- how much nearer than the next theme (cosine)
alter table run_texts add column language text;    -- as the run took it to be, whatever the form said
create table says_something (
    -- people say so against a machine that would set the story apart; runs follow them
    story integer primary key references stories(id) on delete cascade,
    person integer not null references people(id),
    at text not null
);
create table tone_readings (
    -- append-only: how people read the tone of a story whose teller did not say; the last row holds
    id integer primary key autoincrement,
    story integer not null references stories(id) on delete cascade,
    mark text check (mark in ('success', 'challenge', 'both')),  -- null: taken back
    source text not null check (source in ('person', 'suggestion')),  -- suggestion: a yes to the machine's
    person integer not null references people(id),
    role text not null,
    at text not null
);
create index tone_readings_story on tone_readings(story, id);
create trigger tone_readings_no_update before update on tone_readings begin
    select raise(abort, 'tone readings are append-only');
end;
