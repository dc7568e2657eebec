-- Facts as the topics tell them. No figure is stored: each is derived when it is asked for, so that the
-- same topics give the same figures in whatever order and however often their records come. Keys are
-- compared as bytes: sorting them is most of a report's work.

-- What members bought, brought back and joined with. counts: it was not taken back.
create table member_event (
    program     text collate "C" not null,
    source      text collate "C" not null,
    id          text collate "C" not null,
    member      text collate "C" not null,
    kind        text collate "C" not null check (kind in ('purchase', 'return', 'enrollment')),
    occurred_at timestamptz not null,
    amount      numeric     not null,
    counts      boolean     not null,
    primary key (program, source, id)
);
create index member_event_in_time on member_event (program, occurred_at);
create index member_event_of_member on member_event (program, member);

-- When a member ceased to be a prospect, and first bought: the earliest of the events that count.
create table member_start (
    program   text collate "C" not null,
    member    text collate "C" not null,
    joined_at timestamptz not null,
    bought_at timestamptz,
    primary key (program, member)
);

-- Events that were retracted or replaced; they may come before the event itself does.
create table taken_back (
    program text collate "C" not null,
    source  text collate "C" not null,
    id      text collate "C" not null,
    primary key (program, source, id)
);

-- Stays of members in segments as they are known now: [since, until), disjoint. No index holds until, so
-- that the end of a stay is written in place.
create table membership (
    program text collate "C" not null,
    member  text collate "C" not null,
    segment text collate "C" not null,
    since   timestamptz not null,
    until   timestamptz,
    primary key (program, member, segment, since)
) with (fillfactor = 85);
create index membership_of_segment on membership (program, segment, since);

-- The latest change of each member that was applied; an older one is a repetition.
create table membership_sequence (
    program  text collate "C" not null,
    member   text collate "C" not null,
    sequence bigint not null,
    primary key (program, member)
) with (fillfactor = 85);

-- Corrections of the past that were applied; they carry no sequence.
create table membership_correction (
    program text collate "C" not null,
    id      text collate "C" not null,
    primary key (program, id)
);

create table contact (
    program    text collate "C" not null,
    contact    text collate "C" not null,
    campaign   text collate "C" not null,
    segment    text collate "C" not null,
    channel    text collate "C" not null,
    member     text collate "C" not null,
    decided_at timestamptz not null,
    primary key (program, contact)
);
create index contact_of_campaign on contact (program, campaign);
create index contact_in_time on contact (program, decided_at);

-- A response does not count while the event that says so is in taken_back.
create table response (
    program      text collate "C" not null,
    id           text collate "C" not null,
    contact      text collate "C" not null,
    campaign     text collate "C" not null,
    segment      text collate "C" not null,
    channel      text collate "C" not null,
    kind         text collate "C" not null,
    at           timestamptz not null,
    event_source text collate "C" not null,
    event_id     text collate "C" not null,
    value        numeric,
    primary key (program, id)
);
create index response_of_contact on response (program, contact);
create index response_of_campaign on response (program, campaign);
create index response_of_event on response (program, event_source, event_id);

-- How many member events each partition had, of every type: writers of different partitions share no row.
create table event_count (
    program   text collate "C" not null,
    partition int    not null,
    events    bigint not null,
    primary key (program, partition)
);

-- How far topics were read, moved on in the transaction of what was read. through: profile's word that
-- everything accepted up to that instant stands before the position.
create table consumer_position (
    topic     text collate "C" not null,
    partition int    not null,
    next      bigint not null,
    through   timestamptz,
    primary key (topic, partition)
);

do $$
declare
    of_table text;
begin
    foreach of_table in array array['member_event', 'member_start', 'taken_back', 'membership',
                                    'membership_sequence', 'membership_correction', 'contact', 'response', 'event_count']
    loop
        execute format('alter table %I enable row level security', of_table);
        execute format('alter table %I force row level security', of_table);
        execute format('create policy of_program on %I'
            || ' using (program = current_setting(''app.program'', true))'
            || ' with check (program = current_setting(''app.program'', true))', of_table);
        execute format('grant select, insert, update, delete on %I to reporting', of_table);
    end loop;
end;
$$;
grant select, insert, update, delete on consumer_position to reporting;
-- Plans need statistics at once after a rebuild, not when autovacuum comes by.
grant maintain on member_event, member_start, membership, contact, response to reporting;
