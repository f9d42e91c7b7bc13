create table circles (
    -- a meeting of one stakeholder group in one cycle
    id integer primary key autoincrement,
    group_code text not null,
    cycle text not null,
    topic text not null,
    table_code text not null,               -- six digits, while it is open; shown on the projector
    opened_by integer not null references people(id),
    opened_at text not null,
    closed_at text
);
create unique index circles_code on circles(table_code) where closed_at is null;
create table seats (
    -- a person in a circle, without an account; `mark` opens the seat again on another device
    id integer primary key autoincrement,
    circle integer not null references circles(id),
    number integer not null,
    called text not null default '',        -- how they want to be called at this table
    mark text not null unique,              -- keyed digest of the seat's own code
    paper integer not null default 0,       -- 1: keyed in by a facilitator from paper
    joined_at text not null,
    left_at text,                           -- they left: their own code opens the seat again
    away_at text,                           -- who leads waits for them no more, until they act
    sitting integer not null default 1,     -- counts devices: the last one they sat down with holds
    unique (circle, number)
);
create table own_constructions (
    -- append-only: how one person sees it; the last of a seat and moment holds
    id integer primary key autoincrement,
    seat integer not null references seats(id),
    moment text not null check (moment in ('start', 'end')),
    words text not null,                    -- empty: taken back, and then in every row before it
    person integer references people(id),   -- who keyed it in from paper; empty: the seat itself
    at text not null
);
create index own_constructions_seat on own_constructions(seat, moment, id);
create table joint_constructions (
    -- append-only: each version of what a circle says together, and who wrote it
    id integer primary key autoincrement,
    circle integer not null references circles(id),
    version integer not null,
    words text not null,
    covers integer references seats(id),    -- the respondent it was revised for
    seat integer references seats(id),      -- written by a member, or
    person integer references people(id),   -- by a facilitator
    at text not null,
    unique (circle, version),
    check ((seat is null) <> (person is null))
);
create trigger joint_constructions_no_update before update on joint_constructions begin
    select raise(abort, 'every version is kept');
end;
create table joint_follows (
    -- the versions that a version was written from; one that none follows is how it stands now
    construction integer not null references joint_constructions(id),
    before integer not null references joint_constructions(id),
    primary key (construction, before),
    check (before < construction)
);
create table hearings (
    -- append-only: each respondent in turn, and whether they brought something new; the last holds
    id integer primary key autoincrement,
    seat integer not null references seats(id),
    brought_new integer not null check (brought_new in (0, 1)),
    noted_by integer references people(id), -- empty: the member wrote a new version
    at text not null
);
create index hearings_seat on hearings(seat, id);
create table alternatives (
    -- a construction that stands alone: named beside every version from the one it was named with
    id integer primary key autoincrement,
    circle integer not null references circles(id),
    name text not null,                     -- empty: taken back with the words it names
    own integer not null references own_constructions(id),
    since integer not null references joint_constructions(id),
    person integer references people(id),   -- who keyed it in from paper; empty: the seat itself
    at text not null
);
create index alternatives_circle on alternatives(circle);
create table remarks (
    -- what people say to a version
    id integer primary key autoincrement,
    construction integer not null references joint_constructions(id),
    seat integer not null references seats(id),
    words text not null,                    -- empty: taken back
    person integer references people(id),   -- who keyed it in from paper; empty: the seat itself
    at text not null
);
create index remarks_construction on remarks(construction);
create index remarks_seat on remarks(seat);
create table answers_to_constructions (
    -- is this ours? The last of a seat and version holds; taken back: in every row of theirs
    id integer primary key autoincrement,
    construction integer not null references joint_constructions(id),
    seat integer not null references seats(id),
    answer text not null check (answer in ('assent', 'reservation', 'dissent', 'taken_back')),
    words text not null,
    person integer references people(id),   -- who keyed it in from paper; empty: the seat itself
    at text not null,
    check (answer in ('assent', 'taken_back') or words <> ''),
    check (answer <> 'taken_back' or words = '')
);
create index answers_to_constructions_of on answers_to_constructions(construction, seat, id);
create index answers_to_constructions_seat on answers_to_constructions(seat);
create table evaluator_cards (
    -- append-only: how an evaluator sees it, shown as theirs beside the group's; the last holds
    id integer primary key autoincrement,
    circle integer not null references circles(id),
    person integer not null references people(id),
    words text not null,                    -- empty: taken back
    at text not null
);
create index evaluator_cards_circle on evaluator_cards(circle, person, id);
create table circle_rounds (
    -- append-only: where the collecting of items stands in a circle; the last row holds
    id integer primary key autoincrement,
    circle integer not null references circles(id),
    kind text not null check (kind in ('claim', 'concern', 'issue')),
    stage text not null check (stage in ('write', 'share', 'done')),
    person integer not null references people(id),
    at text not null
);
create index circle_rounds_of on circle_rounds(circle, id);
create trigger circle_rounds_no_update before update on circle_rounds begin
    select raise(abort, 'rounds are append-only');
end;
create table written_alone (
    -- what each person writes alone before anything is shared; nobody else reads it until given
    id integer primary key autoincrement,
    seat integer not null references seats(id),
    kind text not null check (kind in ('claim', 'concern', 'issue')),
    words text not null,                    -- empty: nothing to write; withheld, or taken back
    state text not null default 'kept' check (state in ('kept', 'given', 'repeat', 'withheld')),
    item integer references items(id),      -- what it became, or which item it repeats
    person integer references people(id),   -- who keyed it in from paper; empty: the seat itself
    at text not null
);
create index written_alone_seat on written_alone(seat, kind);
create table items (
    -- a claim, a concern or an issue
    id integer primary key autoincrement,
    kind text not null check (kind in ('claim', 'concern', 'issue')),
    words text not null,                    -- empty: taken back by whoever said it
    group_code text not null,
    source text not null check (source in ('stories', 'theme', 'circle', 'meeting', 'paper')),
    theme integer references themes(id),
    circle integer references circles(id),
    seat integer references seats(id),      -- who said it in the circle
    person integer references people(id),   -- who wrote it down at the desk
    at text not null
);
create index items_circle on items(circle);
create table item_passages (
    -- the stories it came from, as places; asked for consent whenever they are shown
    item integer not null references items(id),
    story integer not null references stories(id) on delete cascade,
    question text not null,
    start_at integer not null,
    end_at integer not null,
    primary key (item, story, question, start_at, end_at)
);
create table item_states (
    -- append-only: the history of an item; the last row holds
    id integer primary key autoincrement,
    item integer not null references items(id),
    cycle text not null,                    -- the cycle it stood in by then
    state text not null check (state in (
        'open', 'resolved', 'unresolved', 'information_wanted', 'reopened', 'repeat', 'taken_back'
    )),
    words text not null default '',
    repeat_of integer references items(id), -- which item says it already
    carried integer not null default 0,     -- 1: came over from the cycle before
    seat integer references seats(id),
    person integer references people(id),
    role text not null,
    at text not null,
    check (repeat_of is null or state = 'repeat')
);
create index item_states_item on item_states(item, id);
-- a sentence that a withdrawn story was copied into loses that part; nothing else of it changes
create trigger item_states_no_update before update on item_states
when new.words not like '%[…]%'
    or (new.id, new.item, new.cycle, new.state, new.repeat_of, new.carried)
        is not (old.id, old.item, old.cycle, old.state, old.repeat_of, old.carried)
    or (new.seat, new.person, new.role, new.at) is not (old.seat, old.person, old.role, old.at)
begin
    select raise(abort, 'the history of an item is append-only');
end;
create table statements (
    -- put to every group, to agree or not; its words never change once they are there to answer
    id integer primary key autoincrement,
    cycle text not null,
    words text not null,
    item integer references items(id),
    person integer not null references people(id),
    at text not null,
    closed_at text                          -- from then on all groups see what each said
);
create index statements_cycle on statements(cycle);
create table statement_groups (
    -- the groups that were asked; any other is 'not asked'
    statement integer not null references statements(id),
    group_code text not null,
    primary key (statement, group_code)
);
create table positions (
    -- append-only: the last of a seat and statement holds; never published row by row
    id integer primary key autoincrement,
    statement integer not null references statements(id),
    seat integer not null references seats(id),
    position text not null check (position in ('agree', 'disagree', 'unsure', 'taken_back')),
    reason text not null,                   -- empty: none given; taken back: empty in every row
    person integer references people(id),   -- who keyed it in from paper; empty: the seat itself
    at text not null
);
create index positions_of on positions(statement, seat, id);
