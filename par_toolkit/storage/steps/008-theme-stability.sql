-- what a run says of a theme beside its words: does it stay when texts are left out, what lies near
alter table themes add column looks integer not null default 0;       -- looks at a part of the texts
alter table themes add column came_again integer not null default 0;  -- looks that found it again
alter table themes add column near integer;  -- number of its group in the run: those lie near it
