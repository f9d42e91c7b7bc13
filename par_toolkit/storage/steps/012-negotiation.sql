create table rankings (
    -- append-only: what a person of a group puts first among the unresolved; the last of a seat holds
    id integer primary key autoincrement,
    cycle text not null,
    seat integer not null references seats(id),
    items text not null,                    -- JSON list of items, the first is the most pressing
    at text not null
);
create table information_tasks (
    id integer primary key autoincrement,
    item integer not null references items(id),
    question text not null,
    owner text not null,
    due text not null,                      -- date
    answer text not null default '',
    answered_at text,
    person integer not null references people(id),
    at text not null
);
create table waivers (
    -- a side goes on without the answer
    task integer not null references information_tasks(id),
    group_code text not null,
    person integer references people(id),
    seat integer references seats(id),
    at text not null,
    primary key (task, group_code)
);
create table agendas (
    id integer primary key autoincrement,
    cycle text not null,
    title text not null,
    method text not null,                   -- how the order was found
    sent_at text,                           -- empty: still being written; to all at the same time
    held_at text,
    person integer not null references people(id),
    at text not null
);
create table agenda_items (
    agenda integer not null references agendas(id),
    item integer not null references items(id),
    place integer not null,
    evidence text not null default '',
    primary key (agenda, item)
);
create table glossary (
    id integer primary key autoincrement,
    agenda integer not null references agendas(id),
    word text not null,
    meaning text not null,
    unique (agenda, word)
);
create table views (
    -- append-only: how a party sees an item; confirmed by its own people: 'this states our view'
    id integer primary key autoincrement,
    agenda integer not null references agendas(id),
    item integer not null references items(id),
    group_code text not null,
    words text not null,
    construction integer references joint_constructions(id),
    person integer references people(id),
    seat integer references seats(id),
    at text not null
);
create table view_confirmations (
    view integer not null references views(id),
    seat integer references seats(id),
    person integer references people(id),   -- from paper or by voice, keyed in
    states_it integer not null,             -- 0: no, with words
    words text not null default '',
    at text not null,
    check ((seat is null) <> (person is null))
);
create table turns (
    -- who has spoken to an item in the session, so that turns stay equal
    id integer primary key autoincrement,
    agenda integer not null references agendas(id),
    item integer not null references items(id),
    group_code text not null,
    words text not null,                    -- the position of this group in its own words
    person integer references people(id),
    seat integer references seats(id),
    at text not null
);
create table outcomes (
    -- append-only: the last of an item holds
    id integer primary key autoincrement,
    agenda integer not null references agendas(id),
    item integer not null references items(id),
    outcome text not null check (outcome in ('full', 'partial', 'none')),
    words text not null,
    no_action text not null default '',     -- why no action follows; empty: an action names the item
    person integer not null references people(id),
    role text not null,
    at text not null
);
create table appeals (
    -- by any participant; while open, nothing of the item is published
    id integer primary key autoincrement,
    item integer not null references items(id),
    words text not null,                    -- empty: taken back
    seat integer references seats(id),
    receipt integer references receipts(id),
    person integer references people(id),
    at text not null,
    answer text not null default '',
    answered_by integer references people(id),
    answered_at text,
    upheld integer,                         -- 1: the item is looked at again
    check ((answered_at is null) = (answered_by is null))
);
create table member_checks (
    -- append-only: what a teller says of a use of their words; the last of a use holds
    id integer primary key autoincrement,
    story integer not null references stories(id) on delete cascade,
    kind text not null check (kind in ('theme', 'quote', 'construction')),
    reference integer not null,             -- theme, theme again for a quote, or item
    answer text not null check (answer in ('thats_it', 'change_it', 'not_that')),
    words text not null,
    at text not null,
    reply text not null default '',
    replied_by integer references people(id),
    replied_at text
);
create index member_checks_story on member_checks(story, kind, reference, id);
create table actions (
    id integer primary key autoincrement,
    cycle text not null,                    -- where it was decided
    what text not null,
    owner text not null,
    due text not null,                      -- date
    item integer references items(id),
    person integer not null references people(id),
    at text not null
);
create table action_stories (
    action integer not null references actions(id),
    story integer not null references stories(id) on delete cascade,
    primary key (action, story)
);
create table action_states (
    -- append-only: the last row holds
    id integer primary key autoincrement,
    action integer not null references actions(id),
    cycle text not null,
    state text not null check (state in ('open', 'done', 'changed', 'dropped')),
    words text not null default '',         -- the sentence that goes with it
    due text,                               -- a new date, where it changed
    carried integer not null default 0,
    person integer not null references people(id),
    role text not null,
    at text not null
);
create index action_states_action on action_states(action, id);
create trigger action_states_no_update before update on action_states begin
    select raise(abort, 'the history of an action is append-only');
end;
create table heard_from_others (
    -- educative: group A says what group B holds; B accepts it or not
    id integer primary key autoincrement,
    seat integer not null references seats(id),
    about_group text not null,
    item integer references items(id),
    words text not null,
    accepted integer,
    accepted_by integer references seats(id),
    at text not null
);
create table able_to_act (
    -- tactical: asked at the end, of the less powerful groups first
    id integer primary key autoincrement,
    seat integer not null references seats(id),
    answer text not null check (answer in ('yes', 'partly', 'no')),
    words text not null,
    at text not null
);
create table word_releases (
    -- two different people say that these words may be published; other words need new approvals
    id integer primary key autoincrement,
    kind text not null check (kind in ('item', 'construction', 'statement', 'view', 'action', 'reason')),
    reference integer not null,
    digest text not null,                   -- keyed digest of the words approved
    person integer not null references people(id),
    role text not null,
    at text not null,
    unique (kind, reference, digest, person)
);
