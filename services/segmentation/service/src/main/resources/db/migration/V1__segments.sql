-- A segment as it is now; its present condition is that of its latest version.
create table segment (
    program     text        not null,
    key         text        not null,
    name        text        not null,
    description text,
    condition   json        not null,
    strategy    json        not null,
    owner       text,
    status      text        not null check (status in ('draft', 'active', 'paused', 'archived')),
    version     int         not null check (version > 0),
    revision    bigint      not null check (revision > 0),
    created_at  timestamptz not null,
    created_by  text        not null,
    updated_at  timestamptz not null,
    updated_by  text        not null,
    primary key (program, key)
);

-- Every condition a segment ever had; never changed.
create table segment_version (
    program      text        not null,
    key          text        not null,
    version      int         not null,
    condition    json        not null,
    effective_at timestamptz not null,
    created_at   timestamptz not null,
    created_by   text        not null,
    primary key (program, key, version)
);

-- Definitions still to be told to the shards, in the order of their transactions' inserts.
create table definition_outbox (
    id      bigint generated always as identity primary key,
    program text  not null,
    key     text  not null,
    body    bytea not null
);
create index definition_outbox_of_program on definition_outbox (program, id);

-- Stays of members in segments. Valid time: [since, until). Recorded time: from recorded_at to
-- superseded_at; until_recorded_at says when the end was learned. Partitioned by valid time: a time
-- range gets its own partition when the default one grows.
create table membership (
    id                bigint generated always as identity,
    program           text        not null,
    segment           text        not null,
    member            text        not null,
    since             timestamptz not null,
    until             timestamptz,
    version           int         not null,
    cause             text        not null,
    cause_id          text,
    recorded_at       timestamptz not null,
    until_recorded_at timestamptz,
    superseded_at     timestamptz,
    primary key (id, since)
) partition by range (since);
create table membership_default partition of membership default;
create index membership_of_member on membership (program, member, segment, since);

-- How far this service has read topics; moved on in the transaction of what was read.
create table consumer_position (
    topic     text   not null,
    partition int    not null,
    next      bigint not null,
    primary key (topic, partition)
);

alter table segment enable row level security;
alter table segment force row level security;
create policy of_program on segment
    using (program = current_setting('app.program', true))
    with check (program = current_setting('app.program', true));

alter table segment_version enable row level security;
alter table segment_version force row level security;
create policy of_program on segment_version
    using (program = current_setting('app.program', true))
    with check (program = current_setting('app.program', true));

alter table definition_outbox enable row level security;
alter table definition_outbox force row level security;
create policy of_program on definition_outbox
    using (program = current_setting('app.program', true))
    with check (program = current_setting('app.program', true));

alter table membership enable row level security;
alter table membership force row level security;
create policy of_program on membership
    using (program = current_setting('app.program', true))
    with check (program = current_setting('app.program', true));

grant select, insert, update, delete
    on segment, segment_version, definition_outbox, membership, consumer_position to segmentation;
