create table build_words (
    -- which words of circles and meetings stand in which build; what taking back must reach
    build integer not null references builds(build),
    kind text not null,                     -- as in word_releases
    reference integer not null,
    digest text not null,                   -- keyed digest of the words as they stand there
    item integer,                           -- the item they are about, which an appeal holds whole
    public_id text not null,
    primary key (build, kind, reference)
);
create index build_words_of on build_words(kind, reference);
create index build_words_item on build_words(item);
create table shown_figures (
    -- what builds show of the positions on a statement, and the counts that it was made from
    statement integer primary key references statements(id),
    threshold integer not null,
    counts text not null,                   -- JSON: [[group, agree, disagree, unsure], …]
    lines text not null                     -- JSON: [[group, position, people, shown], …]
);
create table audit_inside (
    -- the part of the trail that is never published: what the people do who take part, and what is
    -- done for one of them. A chain like audit, each row of which seals how far this one had come.
    seq integer primary key,
    at text not null,
    quarter text not null,
    role text not null,
    action text not null,
    person integer,
    subject text,
    digest text not null,                   -- keyed digest of at, person and subject
    previous text not null,
    hash text not null
);
create trigger audit_inside_no_update before update on audit_inside begin
    select raise(abort, 'the audit trail is append-only');
end;
create trigger audit_inside_no_delete before delete on audit_inside begin
    select raise(abort, 'the audit trail is append-only');
end;
-- the row of audit_inside that was the last by then, whose hash the digest covers as well
alter table audit add column inside integer;
-- Whoever takes words back, however they do it, reaches every build that holds them: it is doomed,
-- and whoever follows withdrawals makes the live one anew without them.
create trigger reason_taken_back after update of reason on positions
when old.reason <> new.reason
    and exists (select 1 from build_words where (kind, reference) = ('reason', new.id)) begin
    update builds set state = 'doomed' where state = 'kept' and build in (
        select build from build_words where (kind, reference) = ('reason', new.id)
    );
    insert into erasures (asked_at) values (strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now'));
end;
create trigger position_taken_back after insert on positions
when new.position = 'taken_back' begin
    update builds set state = 'doomed' where state = 'kept' and build in (
        select w.build from build_words w join positions p on p.id = w.reference
        where w.kind = 'reason' and (p.statement, p.seat) = (new.statement, new.seat)
    );
end;
create trigger alternative_taken_back after update of words on own_constructions
when old.words <> new.words and exists (
    select 1 from build_words w join alternatives a on a.id = w.reference
    where w.kind = 'alternative' and a.own = new.id
) begin
    update builds set state = 'doomed' where state = 'kept' and build in (
        select w.build from build_words w join alternatives a on a.id = w.reference
        where w.kind = 'alternative' and a.own = new.id
    );
    insert into erasures (asked_at) values (strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now'));
end;
create trigger item_taken_back after update of words on items
when old.words <> new.words and exists (select 1 from build_words where item = new.id) begin
    update builds set state = 'doomed' where state = 'kept' and build in (
        select build from build_words where item = new.id
    );
end;
create trigger alternative_named_anew after update of name on alternatives begin
    update builds set state = 'doomed' where state = 'kept' and build in (
        select build from build_words where (kind, reference) = ('alternative', new.id)
    );
end;
create trigger word_release_taken_back after delete on word_releases begin
    update builds set state = 'doomed' where state = 'kept' and build in (
        select build from build_words
        where (kind, reference, digest) = (old.kind, old.reference, old.digest)
    );
end;
create trigger appeal_holds_item after insert on appeals begin
    update builds set state = 'doomed' where state = 'kept' and build in (
        select build from build_words where item = new.item
    );
end;
create trigger teller_holds_use after insert on member_checks when new.answer <> 'thats_it' begin
    update builds set state = 'doomed' where state = 'kept' and build in (
        select build from build_uses where story = new.story and new.kind <> 'construction'
        union
        select build from build_words where item = new.reference and new.kind = 'construction'
    );
end;
-- What was written from somebody's story, an item and what the desk wrote on it, may repeat its
-- words. Two people read it once more when the story is named, and when its teller takes it back.
create view written_from as
    select 'item' as kind, id as reference, id as item from items union all
    select 'statement', id, item from statements union all
    select 'information', id, item from information_tasks union all
    select 'action', id, item from actions;
create trigger story_leaves_item after delete on item_passages begin
    delete from word_releases where (kind, reference) in (
        select kind, reference from written_from where item = old.item
    );
end;
create trigger story_joins_item after insert on item_passages begin
    delete from word_releases where (kind, reference) in (
        select kind, reference from written_from where item = new.item
    );
end;
create trigger story_leaves_action after delete on action_stories begin
    delete from word_releases where (kind, reference) = ('action', old.action);
end;
create trigger consent_leaves_item after insert on consents
when not new.granted and new.use in ('analyse', 'quote') and exists (
    select 1 from consents c where c.story = new.story and c.use = new.use and c.id < new.id
        and c.granted
) begin
    delete from word_releases where (kind, reference) in (
        select w.kind, w.reference from written_from w
        join item_passages p on p.item = w.item where p.story = new.story
    ) or (kind = 'action' and reference in (
        select action from action_stories where story = new.story
    ));
end;
