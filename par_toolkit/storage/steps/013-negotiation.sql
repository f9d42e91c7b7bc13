create table rankings (
    -- append-only: what a person of a group puts first among the unresolved; the last of a seat holds
    id integer primary key autoincrement,
    cycle text not null,
    seat integer not null references seats(id),
    items text not null,                    -- JSON list of items, the first is the most pressing
    person integer references people(id),   -- who keyed it in from paper; empty: the seat itself
    at text not null
);
create index rankings_of on rankings(cycle, seat, id);
create table information_tasks (
    -- what somebody finds out before an item is negotiated
    id integer primary key autoincrement,
    item integer not null references items(id),
    question text not null,
    owner text not null,
    due text not null,                      -- date
    answer text not null default '',
    answered_at text,
    answered_by integer references people(id),
    person integer not null references people(id),
    at text not null,
    check ((answered_at is null) = (answer = ''))
);
create index information_tasks_item on information_tasks(item);
create table waivers (
    -- append-only: a side goes on without the answer, or no longer does; its last row holds
    id integer primary key autoincrement,
    task integer not null references information_tasks(id),
    group_code text not null,
    goes_on integer not null check (goes_on in (0, 1)),
    seat integer references seats(id),
    person integer references people(id),
    at text not null,
    check ((seat is null) <> (person is null))
);
create index waivers_task on waivers(task, group_code, id);
create table agendas (
    -- one negotiation: written, then sent to all at the same time, then held, then over
    id integer primary key autoincrement,
    cycle text not null,
    title text not null,
    method text not null default '',        -- how the order was found, in words
    sent_at text,                           -- until then nobody but those who write it sees it
    held_at text,
    ended_at text,
    person integer not null references people(id),
    at text not null,
    check (held_at is null or sent_at is not null),
    check (ended_at is null or held_at is not null)
);
create table agenda_items (
    agenda integer not null references agendas(id),
    item integer not null references items(id),
    place integer not null,
    evidence text not null default '',
    primary key (agenda, item)
);
create table agenda_parties (
    -- the groups that an item affects: each states its view, takes its turns and its position
    agenda integer not null,
    item integer not null,
    group_code text not null,
    primary key (agenda, item, group_code),
    foreign key (agenda, item) references agenda_items(agenda, item) on delete cascade
);
create table glossary (
    -- hard words of an agenda in plain language
    id integer primary key autoincrement,
    agenda integer not null references agendas(id),
    word text not null collate nocase,
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
    at text not null,
    check ((seat is null) <> (person is null))
);
create index views_of on views(agenda, item, group_code, id);
create trigger views_no_update before update on views begin
    select raise(abort, 'every version of a view is kept');
end;
create table view_confirmations (
    -- append-only: the last of a seat holds; what was told at the desk has no seat
    id integer primary key autoincrement,
    view integer not null references views(id),
    seat integer references seats(id),
    person integer references people(id),   -- from paper or by voice, keyed in
    states_it integer not null check (states_it in (0, 1)),
    words text not null default '',         -- what is missing or wrong; empty where it states it
    at text not null,
    check (seat is not null or person is not null),
    check (states_it or words <> '')
);
create index view_confirmations_view on view_confirmations(view, seat, id);
create table turns (
    -- append-only: who has spoken to an item in the session, so that turns stay equal
    id integer primary key autoincrement,
    agenda integer not null references agendas(id),
    item integer not null references items(id),
    group_code text not null,
    words text not null,                    -- the position in its own words; empty: adds nothing
    person integer references people(id),
    seat integer references seats(id),
    at text not null,
    check ((seat is null) <> (person is null))
);
create index turns_of on turns(agenda, item, group_code, id);
create trigger turns_no_update before update on turns begin
    select raise(abort, 'what was said in a session is append-only');
end;
create table outcomes (
    -- append-only: the last of an item holds
    id integer primary key autoincrement,
    agenda integer not null references agendas(id),
    item integer not null references items(id),
    outcome text not null check (outcome in ('full', 'partial', 'none')),
    words text not null,
    no_action text not null default '',     -- why no action follows; empty: actions name the item
    person integer not null references people(id),
    role text not null,
    at text not null
);
create index outcomes_item on outcomes(item, id);
create trigger outcomes_no_update before update on outcomes begin
    select raise(abort, 'outcomes are append-only');
end;
create table outcome_actions (
    -- the actions that an outcome led to
    outcome integer not null references outcomes(id),
    action integer not null references actions(id),
    primary key (outcome, action)
);
create table appeals (
    -- by any participant; while open, nothing of the item is published
    id integer primary key autoincrement,
    item integer not null references items(id),
    words text not null,                    -- empty: taken back
    seat integer references seats(id),
    receipt integer references receipts(id) on delete cascade,
    person integer references people(id),   -- who keyed it in for somebody
    at text not null,
    answer text not null default '',
    answered_by integer references people(id),
    answered_at text,
    upheld integer check (upheld in (0, 1)), -- 1: the item is looked at again
    check ((answered_at is null) = (answered_by is null)),
    check ((answered_at is null) = (upheld is null)),
    check (seat is not null or receipt is not null or person is not null)
);
create index appeals_item on appeals(item);
create table member_checks (
    -- append-only: what a teller says of a use of their words; the last of a use holds. It goes
    -- with the story. What is not 'that's it' holds the use until somebody has replied, once.
    id integer primary key autoincrement,
    story integer not null references stories(id) on delete cascade,
    kind text not null check (kind in ('theme', 'quote', 'construction')),
    reference integer not null,             -- theme, theme again (0: none) for a quote, or item
    shown text not null default '',         -- the words that they were shown
    answer text not null check (answer in ('thats_it', 'change_it', 'not_that')),
    words text not null,                    -- empty: they said no more
    at text not null,
    reply text not null default '',
    replied_by integer references people(id),
    replied_at text,
    check ((replied_at is null) = (reply = ''))
);
create index member_checks_story on member_checks(story, kind, reference, id);
create trigger member_checks_no_update
before update of story, kind, reference, shown, answer, words, at on member_checks begin
    select raise(abort, 'what a teller said is append-only');
end;
create trigger member_checks_one_reply before update on member_checks
when old.replied_at is not null begin
    select raise(abort, 'a reply is given once');
end;
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
    owner text,                             -- a new owner, where it changed
    due text,                               -- a new date, likewise
    carried integer not null default 0,     -- 1: came over from the cycle before
    person integer not null references people(id),
    role text not null,
    at text not null
);
create index action_states_action on action_states(action, id);
create trigger action_states_no_update before update on action_states begin
    select raise(abort, 'the history of an action is append-only');
end;
create trigger action_states_no_delete before delete on action_states begin
    select raise(abort, 'the history of an action is append-only');
end;
create table heard_from_others (
    -- educative: a member of one group says what another holds; the last of a seat and group holds
    id integer primary key autoincrement,
    seat integer not null references seats(id),
    about_group text not null,
    words text not null,                    -- empty: taken back, and then in every row before it
    person integer references people(id),   -- who keyed it in from paper; empty: the seat itself
    at text not null
);
create index heard_from_others_of on heard_from_others(about_group, seat, id);
create table heard_answers (
    -- whether members of that group find themselves in it; the last of a seat holds, and taking
    -- it back deletes them all
    id integer primary key autoincrement,
    heard integer not null references heard_from_others(id),
    seat integer not null references seats(id),
    accepted integer not null check (accepted in (0, 1)),
    words text not null,                    -- what is not so; empty where it is accepted
    person integer references people(id),   -- who keyed it in from paper; empty: the seat itself
    at text not null,
    check (accepted or words <> '')
);
create index heard_answers_of on heard_answers(heard, seat, id);
create trigger heard_answers_no_update before update on heard_answers begin
    select raise(abort, 'what people answered is append-only');
end;
create table able_to_act (
    -- tactical: asked of everybody at the end; the last of a seat holds
    id integer primary key autoincrement,
    seat integer not null references seats(id),
    answer text not null check (answer in ('yes', 'partly', 'no', 'taken_back')),
    words text not null,                    -- taken back: empty in every row
    person integer references people(id),   -- who keyed it in from paper; empty: the seat itself
    at text not null
);
create index able_to_act_seat on able_to_act(seat, id);
create table word_releases (
    -- two different people say that these words may be published; other words need new approvals
    id integer primary key autoincrement,
    kind text not null check (kind in (
        'item', 'construction', 'alternative', 'statement', 'reason', 'view', 'outcome', 'action',
        'information', 'heard', 'reflection', 'expectation'
    )),
    reference integer not null,             -- the row of that kind
    digest text not null,                   -- keyed digest of the words approved
    person integer not null references people(id),
    role text not null,
    at text not null,
    unique (kind, reference, digest, person)
);
