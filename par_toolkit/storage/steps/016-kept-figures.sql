-- What was shown last of each table of people, and who was counted in it: a build must not differ from
-- it by a few people. Nobody but the toolkit reads it, and whoever withdraws leaves it.
create table kept_figures (
    id integer primary key,
    name text not null,                     -- participation, agreement, …
    part text not null,                     -- which theme or statement; empty where there is one table
    waiting integer references waiting_builds(build) on delete cascade on update cascade,
                                            -- the build that waits with them; empty: they were shown
    since integer,                          -- the build that showed them first; empty: only a report
    threshold integer not null,
    joined text not null,                   -- JSON list: what was counted together
    past text not null,                     -- JSON list: each release, with counts and without people
    lines text not null                     -- JSON: [[row, column, people, shown], …]
);
create unique index kept_figures_of on kept_figures(name, part, coalesce(waiting, 0));
create table kept_people (
    figures integer not null references kept_figures(id) on delete cascade,
    person text not null,                   -- 'receipt 7', 'story 9' or 'seat 3'
    cells text not null,                    -- JSON: [[row, column], …]
    primary key (figures, person)
);
create index kept_people_person on kept_people(person);
create table kept_gone (
    -- how many of those who were counted have been erased since: they still count as a difference
    figures integer not null references kept_figures(id) on delete cascade,
    cells text not null,
    number integer not null,
    primary key (figures, cells)
);
-- Whoever goes leaves every set at once, and their number stays.
create trigger story_leaves_figures after delete on stories begin
    insert into kept_gone (figures, cells, number)
        select figures, cells, 1 from kept_people join kept_figures k on k.id = figures
        where (old.receipt is null and person = 'story ' || old.id)
            or (person = 'receipt ' || old.receipt and (
                -- of another story of theirs it is still true that they took part
                k.name <> 'participation'
                or not exists (select 1 from stories where receipt = old.receipt)
            ))
        on conflict (figures, cells) do update set number = number + 1;
    delete from kept_people
        where (old.receipt is null and person = 'story ' || old.id)
            or (person = 'receipt ' || old.receipt and (
                figures in (select id from kept_figures where name <> 'participation')
                or not exists (select 1 from stories where receipt = old.receipt)
            ));
end;
create trigger consent_leaves_figures after insert on consents
when not new.granted and new.use = 'analyse' and exists (
    select 1 from consents c where c.story = new.story and c.use = new.use and c.id < new.id
        and c.granted
) begin
    insert into kept_gone (figures, cells, number)
        select figures, cells, 1 from kept_people join kept_figures k on k.id = figures
        where k.name <> 'participation' and person = (
            select coalesce('receipt ' || receipt, 'story ' || id) from stories where id = new.story
        )
        on conflict (figures, cells) do update set number = number + 1;
    delete from kept_people
        where figures in (select id from kept_figures where name <> 'participation')
            and person = (
                select coalesce('receipt ' || receipt, 'story ' || id) from stories
                where id = new.story
            );
end;
create trigger position_leaves_figures after insert on positions
when new.position = 'taken_back' begin
    insert into kept_gone (figures, cells, number)
        select figures, cells, 1 from kept_people join kept_figures k on k.id = figures
        where (k.name, k.part) = ('agreement', cast(new.statement as text))
            and person = 'seat ' || new.seat
        on conflict (figures, cells) do update set number = number + 1;
    delete from kept_people
        where person = 'seat ' || new.seat and figures in (
            select id from kept_figures
            where (name, part) = ('agreement', cast(new.statement as text))
        );
end;
-- What was shown of statements goes on being what a build is compared with. Statements are closed
-- before they are shown, so since then people could only take an answer back: who still holds one is
-- who was counted, and whoever is missing has gone.
create temp view old_cells as
    select f.statement, a.value ->> 0 as g, b.key as at, c.value as position, sum(a.value ->> b.key) as n
    from shown_figures f, json_each(f.counts) a, json_each('[null, 1, 2, 3]') b, json_each(
        case when f.lines like '%"not_agree"%' then '[null, "agree", "not_agree", "not_agree"]'
        else '[null, "agree", "disagree", "unsure"]' end
    ) c
    where b.key > 0 and c.key = b.key
        and (a.value ->> 1) + (a.value ->> 2) + (a.value ->> 3) > 0
    group by f.statement, g, position;
create temp view old_figures as
    select statement, g, position, n from old_cells union all
    select statement, g, 'all', sum(n) from old_cells group by statement, g union all
    select statement, 'all', position, sum(n) from old_cells group by statement, position union all
    select statement, 'all', 'all', sum(n) from old_cells group by statement;
insert into kept_figures (name, part, threshold, joined, past, lines)
    select 'agreement', cast(f.statement as text), f.threshold,
        case when f.lines like '%"not_agree"%' then '["position"]' else '[]' end,
        json_array(json_object(
            'threshold', f.threshold,
            'counts', json((
                select json_group_array(json_array(g, position, n)) from old_figures o
                where o.statement = f.statement
            )),
            'least', json((
                select json_group_array(json_array(g, 'all', case g when 'all' then (
                    select count(distinct c.g) from old_cells c where c.statement = f.statement
                ) else 1 end)) from old_figures o where o.statement = f.statement and position = 'all'
            )),
            'hidden', json((
                select json_group_array(json_array(g, position)) from old_figures o
                where o.statement = f.statement and ((g = 'all' and position <> 'all') or exists (
                    select 1 from json_each(f.lines) l
                    where (l.value ->> 0, l.value ->> 1, l.value ->> 3) = (g, position, 'hidden')
                ))
            )),
            'unsaid', json((
                select json_group_array(json_array(g, position)) from old_figures o
                where o.statement = f.statement and g = 'all' and position <> 'all'
            )),
            'known', json('[]')
        )),
        (
            select json_group_array(json(l.value)) from json_each(f.lines) l
            where l.value ->> 3 in ('shown', 'hidden')
        )
    from shown_figures f where exists (select 1 from old_cells c where c.statement = f.statement);
insert into kept_people (figures, person, cells)
    select k.id, 'seat ' || p.seat, json_array(json_array(c.group_code, case
        when k.joined <> '[]' and p.position <> 'agree' then 'not_agree' else p.position end))
    from kept_figures k join positions p on cast(p.statement as text) = k.part
    join seats s on s.id = p.seat join circles c on c.id = s.circle
    where p.position <> 'taken_back' and p.id = (
        select max(o.id) from positions o where o.statement = p.statement and o.seat = p.seat
    );
insert into kept_gone (figures, cells, number)
    select k.id, json_array(json_array(o.g, o.position)), o.n - (
        select count(*) from kept_people p
        where p.figures = k.id and p.cells = json_array(json_array(o.g, o.position))
    ) as number
    from kept_figures k join old_cells o on cast(o.statement as text) = k.part where number > 0;
drop view old_figures;
drop view old_cells;
drop table shown_figures;
alter table waiting_builds drop column figures;
