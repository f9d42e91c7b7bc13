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
    example integer not null,          -- 1 when every story in it is made up
    beside_quotes text not null default 'kind' check (beside_quotes in ('kind', 'group', 'nothing'))
                                       -- what may stand beside a quote, where enough people share it
);

create table groups (
    -- the groups that people can say they belong to, and how many of each live in the locality
    code text primary key,             -- as in stakeholder_group of other tables
    name_en text not null,
    name_fr text not null,
    joins text references groups(code), -- the wider group its people are counted in where they are few
    population integer,                -- people of it who live in the locality; empty: not known
    population_source text,
    population_year integer,
    position integer not null          -- the inquiry's own order
);

create table contracts (
    -- what was agreed with the community, version by version; a cycle begins only under one
    version integer primary key,
    quarter text not null,             -- quarter in which it was agreed
    purpose text not null,             -- what the inquiry is for
    stake text not null,               -- who has a stake in it
    confidentiality text not null,     -- what stays between those who take part
    promise text not null check (promise in ('inform', 'consult', 'involve', 'collaborate', 'empower')),
    promised text not null             -- what that means here, in words
);

create table cycles (
    id text primary key,
    name_en text not null,
    name_fr text not null,
    starts text not null,              -- quarter
    ends text not null,                -- quarter
    position integer not null,
    phase text check (phase in ('plan', 'act', 'observe', 'reflect', 'closed')), -- empty: not begun
    phase_quarter text,                -- quarter in which it came to this phase
    contract integer references contracts(version), -- the version that held then
    next text check (next in ('cycle', 'stop')),    -- closed: whether another cycle follows
    next_cycle text,                   -- closed: where what was open went
    reflection text not null default '', -- closed: what was learnt, once two people released it
    next_words text not null default ''  -- closed: the next plan, or why it stops, likewise
);

create table runs (
    -- how a machine put stories side by side, for the themes that are here; people decided the rest
    number integer primary key,        -- the oldest of these runs is 1
    quarter text not null,
    method text not null,              -- its name, which changes whenever the same stories would
                                       -- give another result
    seed integer not null,             -- where its draws began
    settings text not null,            -- JSON object of the numbers it was set with
    versions text not null,            -- JSON object, program -> version
    limits text not null               -- JSON list of what it could not do
);

create table themes (
    id text primary key,               -- new and random in each build
    name text not null,                -- people's name, or the theme's words joined until they give one
    named_by_people integer not null,  -- 0 when the name is only the words joined
    meaning text not null,
    words text not null,               -- JSON list of typical words
    endorsed_role text not null,       -- role of the person who endorsed it
    endorsed_quarter text not null,
    position integer not null,         -- random order
    run integer references runs(number), -- the run it came from; empty: people made it themselves
    looks integer not null default 0,  -- looks that the machine took at a part of the stories,
    came_again integer not null default 0, -- and those of them in which it found the theme again
    threshold integer                  -- k here, higher where it is about something sensitive
);

create table quotes (
    id text primary key,               -- new and random in each build
    text text not null,                -- the teller's own words; [brackets] are redactions
    form text,                         -- story, reflection, feedback or a form of the community's
                                       -- own; empty unless k people told it in this language
    language text not null,
    kind text,                         -- success, challenge or both, as the teller said; at most one
                                       -- of kind and group, and only where k people share it with
                                       -- this language and form, and 3 under each of its themes
    stakeholder_group text,            -- the group that the teller said they are in, likewise
    group_en text,
    group_fr text,
    check (kind is null or stakeholder_group is null)
);

create table quote_themes (
    quote text not null references quotes(id),
    theme text not null references themes(id),
    primary key (quote, theme)
);

create index quote_themes_of_theme on quote_themes(theme, quote);

create table stories (
    -- told with consent to publish the whole
    id text primary key,
    title text not null,
    telling text not null,
    answers text not null,             -- JSON list of {"question_en", "question_fr", "text"}
    form text,                         -- as with quotes, and so are kind and stakeholder_group
    language text not null,
    kind text,
    stakeholder_group text,
    group_en text,
    group_fr text,
    check (kind is null or stakeholder_group is null)
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

create table items (
    -- claims, concerns and issues, as two people released them
    id text primary key,               -- new and random in each build
    kind text not null check (kind in ('claim', 'concern', 'issue')),
    words text not null,               -- as it was said or written down
    source text not null check (source in ('stories', 'theme', 'circle')), -- where it comes from
    theme text references themes(id),  -- the theme it comes from, where that is here
    stakeholder_group text,            -- who brought it; empty unless at least k people of it met
    group_en text,
    group_fr text,
    cycle text not null,               -- the cycle it stands in
    carried integer not null,          -- 1 when it came over from the cycle before
    state text not null check (
        state in ('open', 'resolved', 'unresolved', 'information_wanted', 'reopened')
    ),
    outcome text check (outcome in ('full', 'partial', 'none')), -- empty: not negotiated
    outcome_words text not null,       -- what was agreed or stays apart; empty: not released
    no_action text not null,           -- why no action follows; empty: not released, or one does
    position integer not null          -- random order
);

create table constructions (
    -- how groups see it, in the words that their own people confirmed
    id text primary key,               -- new and random in each build
    kind text not null check (kind in ('circle', 'view', 'alternative')), -- what a circle says
                                       -- together, a party's view of an item, one that stands alone
    cycle text not null,
    stakeholder_group text,            -- whose; empty where so few met that it would point at them
    group_en text,
    group_fr text,
    item text references items(id),    -- a view: of which item
    beside text references constructions(id), -- an alternative: what it stands beside
    name text not null,                -- an alternative: what its people call it
    words text not null,
    unshown integer not null,          -- 1 when another stands beside it whose words stay inside
    position integer not null          -- random order
);

create table statements (
    -- put to groups to agree or not; here once closed and released
    id text primary key,               -- new and random in each build
    words text not null,
    cycle text not null,
    item text references items(id),    -- the item it comes from, where that is here
    minimum real,                      -- (A+1)/(S+2) of the group that agrees least, out of the
                                       -- figures in `agreement`; empty where a group's are hidden
    agreement real,                    -- geometric mean over groups of (A+0.5)/(S+1), likewise
    position integer not null          -- by agreement; those without it come last, in random order
);

create table agreement (
    -- how many people of each group hold which position; nobody adds up groups
    statement text not null references statements(id),
    stakeholder_group text not null,   -- 'all': everybody who answered
    group_en text not null,
    group_fr text not null,
    position text not null check (     -- not_agree: disagree and unsure together; all: who answered
        position in ('agree', 'disagree', 'unsure', 'not_agree', 'all')
    ),
    people integer,                    -- rounded to 5; empty when not shown
    shown text not null check (shown in ('shown', 'hidden', 'nobody_answered', 'not_asked')),
    primary key (statement, stakeholder_group, position)
);

create table reasons (
    -- why people hold a position, in their own words; not whose they are, and of no group
    id text primary key,               -- new and random in each build
    statement text not null references statements(id),
    position text not null check (position in ('agree', 'disagree', 'unsure')),
    words text not null
);

create table actions (
    -- what was decided and what became of it
    id text primary key,               -- new and random in each build
    what text not null,
    owner text not null,               -- who does it, in words
    due text not null,                 -- quarter
    state text not null check (state in ('open', 'done', 'changed', 'dropped')),
    said text not null,                -- the sentence that goes with its state; empty while open
    cycle text not null,               -- the cycle it stands in
    item text references items(id),    -- what it answers, where that is here
    position integer not null          -- random order
);

create table theme_people (
    -- people who spoke of a theme, by stakeholder group; somebody may have spoken of several, so
    -- nobody adds up themes
    theme text not null references themes(id),
    stakeholder_group text not null,   -- 'all': everybody who spoke of it
    group_en text not null,
    group_fr text not null,
    people integer,                    -- rounded to 5; empty when hidden
    shown text not null check (shown in ('shown', 'hidden')),
    primary key (theme, stakeholder_group)
);

create table member_checks (
    -- what tellers say of a theme that their story stands under: people by their last answer
    theme text not null references themes(id),
    answer text not null check (       -- all: everybody who answered
        answer in ('thats_it', 'change_it', 'not_that', 'all')
    ),
    people integer,                    -- rounded to 5; empty when hidden
    shown text not null check (shown in ('shown', 'hidden')),
    primary key (theme, answer)
);

create table action_people (
    -- people whose stories led to actions, by what became of these and by stakeholder group; a story
    -- may have led to several, so nobody adds up states
    state text not null check (state in ('open', 'done', 'changed', 'dropped')),
    stakeholder_group text not null,   -- 'all': everybody whose stories led there
    group_en text not null,
    group_fr text not null,
    people integer,                    -- rounded to 5; empty when hidden
    shown text not null check (shown in ('shown', 'hidden')),
    primary key (state, stakeholder_group)
);

create table figures (
    -- how the figures of each table came about; a table of themes, statements or states has a row
    -- for each of them
    name text not null check (
        name in ('participation', 'theme_people', 'agreement', 'action_people', 'member_checks')
    ),
    about text not null,               -- the theme, statement or state; empty: the whole table
    threshold integer not null,        -- k: counts of fewer people than this are hidden
    since integer not null,            -- the build in which these figures were shown first: they are
                                       -- counted anew only when enough people came or went
    joined text not null,              -- JSON list of what was counted together so that more can be
                                       -- shown: position, time, place, age, identity
    primary key (name, about)
);

create table builds (
    -- what each build brought; what was taken back is not counted here
    build integer primary key,
    quarter text not null,
    themes_new integer not null,
    themes_renamed integer not null,
    quotes_new integer not null,
    stories_new integer not null,
    items_new integer not null default 0,         -- claims, concerns and issues
    constructions_new integer not null default 0, -- how groups see it
    statements_new integer not null default 0,
    actions_new integer not null default 0,       -- new, or with news of them
    note_en text not null,
    note_fr text not null
);

create table queries (
    -- common questions to these findings; the same in every build of this format
    id text primary key,               -- its name in addresses
    title_en text not null,
    title_fr text not null,
    about_en text not null,            -- what the answer tells
    about_fr text not null,
    sql text not null,                 -- a select; a parameter that is left empty means any
    parameters text not null,          -- JSON list of {"name", "en", "fr"}: what each is called
    headings text not null,            -- the same of the columns of the answer
    position integer not null
);

create table audit (
    -- the trail of who did what, by role and without words; each hash covers the row and the hash before it
    seq integer primary key,
    quarter text not null,
    role text not null,
    action text not null,
    details text not null,             -- keyed digest of the private details (who, which, when);
                                       -- seal_build: before it, the root over all `claims`
    previous text not null,
    hash text not null
);

create table claims (
    -- a hash for each row that this build ever had, and some random ones; without its proof a claim
    -- tells nothing. The trail seals them all: the root is SHA-256 over them in order, a line each
    claim text not null
);

create table proofs (
    -- what opens the claim of each row that is here now; it goes with the row. The claim is SHA-256
    -- over the JSON list [nonce, quarter of the build, use, of_table, of_row, part, [[column, cell]]]
    of_table text not null,
    of_row text not null,              -- JSON list: the primary key of the row
    part text not null,                -- row; or what can be taken out of a row that stays
    use text not null check (use in ('quote', 'publish', 'analyse', 'release', 'none')), -- to what
                                       -- the teller agreed; release: two people said yes; none: a figure or fact
    nonce text not null                -- random, 32 hexadecimal digits
);

-- Datasette finds the index of a table by content="…", in these quotation marks and no others.
create virtual table quotes_fts using fts5(
    text, content="quotes", content_rowid='rowid', tokenize="unicode61 remove_diacritics 2"
);

create virtual table stories_fts using fts5(
    title, telling, content="stories", content_rowid='rowid', tokenize="unicode61 remove_diacritics 2"
);
