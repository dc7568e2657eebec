-- A campaign as it is now. Its body is what PUT brought; control and goal stay as they are once it has started.
create table campaign (
    program      text        not null,
    key          text        not null,
    body         json        not null,
    status       text        not null check (status in ('draft', 'running', 'paused', 'stopped')),
    version      int         not null check (version > 0),
    revision     bigint      not null check (revision > 0),
    salt         text        not null,
    started_at   timestamptz,
    active_since timestamptz,
    -- A run over the members who are inside: what for, when it is due, and the last member it has decided.
    run          text check (run in ('existing', 'at')),
    run_due      timestamptz,
    run_after    text,
    created_at   timestamptz not null,
    created_by   text        not null,
    updated_at   timestamptz not null,
    updated_by   text        not null,
    primary key (program, key)
);

-- Who is in which segment now.
create table membership (
    program text        not null,
    member  text        not null,
    segment text        not null,
    since   timestamptz not null,
    primary key (program, member, segment)
);
create index membership_of_segment on membership (program, segment, member);

-- What may be known of members here: nothing personal.
create table member_profile (
    program    text   not null,
    member     text   not null,
    version    bigint not null,
    attributes json   not null,
    primary key (program, member)
);

-- Every decision to contact, and every decision of the control arm not to. The latter has neither sequence nor
-- body: nothing of it can leave. A contact is published once Kafka has it.
create table assignment (
    program      text        not null,
    contact      text        not null,
    campaign     text        not null,
    version      int         not null,
    member       text        not null,
    segment      text        not null,
    channel      text        not null,
    arm          text        not null check (arm in ('treated', 'control')),
    decided_at   timestamptz not null,
    sequence     bigint,
    body         json,
    published_at timestamptz,
    primary key (program, contact),
    check ((arm = 'treated') = (sequence is not null)),
    check ((arm = 'treated') = (body is not null))
);
create index assignment_of_member on assignment (program, member, campaign, decided_at);
create index assignment_of_campaign on assignment (program, campaign);
create unique index assignment_in_sequence on assignment (program, sequence) where sequence is not null;

-- Occasions on which nobody was contacted, and why.
create table withheld (
    program  text        not null,
    contact  text        not null,
    campaign text        not null,
    member   text        not null,
    segment  text        not null,
    reason   text        not null,
    at       timestamptz not null,
    primary key (program, contact)
);
create index withheld_of_campaign on withheld (program, campaign);

-- What members of both arms did. An event that is taken back later stays, marked.
create table response (
    program      text        not null,
    id           text        not null,
    contact      text        not null,
    campaign     text        not null,
    member       text        not null,
    segment      text        not null,
    channel      text        not null,
    arm          text        not null,
    kind         text        not null,
    at           timestamptz not null,
    event_source text        not null,
    event_id     text        not null,
    value        numeric,
    machine      boolean     not null,
    recorded_at  timestamptz not null,
    taken_back   boolean     not null default false,
    primary key (program, id)
);
create index response_of_contact on response (program, campaign, contact);
create index response_of_event on response (program, event_source, event_id);

-- Records that Kafka does not have yet, or that are not known to be there; positions are dense per program.
create table outbox (
    program  text   not null,
    position bigint not null,
    topic    text   not null,
    key      text   not null,
    id       text   not null,
    type     text   not null,
    body     bytea  not null,
    contact  text,
    primary key (program, position)
);

-- The last position and the last sequence of contacts that a program has given. Held by whoever decides, so that
-- the order of numbers is the order of commits.
create table counter (
    program  text   not null primary key,
    outbox   bigint not null,
    contacts bigint not null
);

-- How far this service has read topics; moved on in the transaction of what was read.
create table consumer_position (
    topic     text        not null,
    partition int         not null,
    next      bigint      not null,
    as_of     timestamptz not null,
    primary key (topic, partition)
);

do $$
declare
    name text;
begin
    foreach name in array array['campaign', 'membership', 'member_profile', 'assignment', 'withheld', 'response',
                                'outbox', 'counter'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy of_program on %I using (program = current_setting(''app.program'', true))'
                       ' with check (program = current_setting(''app.program'', true))', name);
    end loop;
end;
$$;

grant select, insert, update, delete
    on campaign, membership, member_profile, assignment, withheld, response, outbox, counter, consumer_position
    to campaign_response;
