"""What changed at a table: numbers that are cheap to ask for, so that many can ask often."""

from __future__ import annotations

from par_toolkit.storage.database import PrivateDatabase, Row


def of_circle(db: PrivateDatabase, circle: int) -> Row | None:
    """Return numbers that change with whatever is said, answered or given in a circle.

    None where there is no such circle. Every act adds a row; what is taken back is counted.
    """
    return db.row(
        """
        select c.closed_at,
            (select count(*) from seats s where s.circle = c.id) as seats,
            (select count(*) from seats s where s.circle = c.id
              and (s.left_at is not null or s.away_at is not null)) as absent,
            (select coalesce(max(j.id), 0) from joint_constructions j where j.circle = c.id)
              as versions,
            (select count(*) || '-' || coalesce(sum(a.name = ''), 0) from alternatives a
              where a.circle = c.id) as alternatives,
            (select coalesce(max(e.id), 0) from evaluator_cards e where e.circle = c.id) as cards,
            (select coalesce(max(r.id), 0) from circle_rounds r where r.circle = c.id) as rounds,
            (select coalesce(max(t.id), 0) from item_states t join items i on i.id = t.item
              where i.circle = c.id) as items,
            sum(o.own) as own, sum(o.remarks) as remarks, sum(o.answers) as answers,
            sum(o.alone) as alone, sum(o.heard) as heard
        from circles c left join (
            select s.circle,
                (select coalesce(sum(1 + (n.words = '')), 0) from own_constructions n
                  where n.seat = s.id) as own,
                (select coalesce(sum(1 + (n.words = '')), 0) from remarks n where n.seat = s.id)
                  as remarks,
                (select coalesce(sum(1 + (n.answer = 'taken_back')), 0)
                  from answers_to_constructions n where n.seat = s.id) as answers,
                (select coalesce(sum(1 + (n.state <> 'kept')), 0) from written_alone n
                  where n.seat = s.id) as alone,
                (select count(*) from hearings n where n.seat = s.id) as heard
            from seats s
        ) o on o.circle = c.id
        where c.id = :circle group by c.id
        """,
        {"circle": circle},
    )
