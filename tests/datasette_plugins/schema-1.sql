-- The whole of a findings build: what is not named here cannot be published.
-- No table holds a private id, a date finer than a quarter, or a count of people that is not suppressed.

create table inquiry (
    -- one row: what this inquiry is, in its own words
    id integer primary key check (id = 1),
    format integer not null,           -- version of this schema
    build integer not null,            -- number of this build
    quarter text not null,             -- quarter in which it was built, as 2026-Q4
    name text not null,
    locality text not null,
    population integer,                -- people who live in the locality
    population_source text,
    population_year integer,
    languages text not null,           -- JSON list of language codes, first is the default
    about_en text not null,
    about_fr text not null,
    contact_en text not null,          -- how to ask about these findings
    contact_fr text not null,
    threshold integer not null,        -- k: counts of fewer people than this are hidden
    licence text not null,
    example integer not null           -- 1 when every story in it is made up
);

create table cycles (
    id text primary key,
    name_en text not null,
    name_fr text not null,
    starts text not null,              -- quarter
    ends text not null,                -- quarter
    position integer not null
);

create table themes (
    id text primary key,               -- new and random in each build
    name text not null,                -- people's name, or the theme's words joined until they give one
    named_by_people integer not null,  -- 0 when the name is only the words joined
    meaning text not null,
    words text not null,               -- JSON list of typical words
    endorsed_role text not null,       -- role of the person who endorsed it
    endorsed_quarter text not null,
    position integer not null          -- random order
);

create table quotes (
    id text primary key,               -- new and random in each build
    text text not null,                -- the teller's own words; [brackets] are redactions
    form text not null,                -- story, reflection, feedback or a form of the community's own
    language text not null,
    kind text                          -- success, challenge or both; empty unless at least k people share it
);

create table quote_themes (
    quote text not null references quotes(id),
    theme text not null references themes(id),
    primary key (quote, theme)
);

create table stories (
    -- told with consent to publish the whole
    id text primary key,
    title text not null,
    telling text not null,
    answers text not null,             -- JSON list of {"question_en", "question_fr", "text"}
    form text not null,
    language text not null,
    kind text
);

create table participation (
    -- people who took part, by stakeholder group and cycle; totals have group or cycle 'all'
    stakeholder_group text not null,
    group_en text not null,
    group_fr text not null,
    cycle text not null,
    cycle_en text not null,
    cycle_fr text not null,
    people integer,                    -- rounded to 5; empty when hidden
    shown text not null check (shown in ('shown', 'hidden')),
    primary key (stakeholder_group, cycle)
);

create table builds (
    -- what each build brought; what was taken back is not counted here
    build integer primary key,
    quarter text not null,
    themes_new integer not null,
    themes_renamed integer not null,
    quotes_new integer not null,
    stories_new integer not null,
    note_en text not null,
    note_fr text not null
);

create table audit (
    -- the trail of who did what, by role and without words; each hash covers the row and the hash before it
    seq integer primary key,
    quarter text not null,
    role text not null,
    action text not null,
    details text not null,             -- keyed digest of the private details (who, which, when)
    previous text not null,
    hash text not null
);

-- Datasette finds the index of a table by content="…", in these quotation marks and no others.
create virtual table quotes_fts using fts5(
    text, content="quotes", content_rowid='rowid', tokenize="unicode61 remove_diacritics 2"
);

create virtual table stories_fts using fts5(
    title, telling, content="stories", content_rowid='rowid', tokenize="unicode61 remove_diacritics 2"
);
