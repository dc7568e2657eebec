-- Records that could never be read or applied. program is empty where it could not be told: no
-- program sees those, an operator does.
create table dead_letter (
    id          bigint generated always as identity primary key,
    program     text        not null,
    service     text        not null,
    reason      text        not null,
    detail      text        not null,
    topic       text        not null,
    partition   int         not null,
    position    bigint      not null,
    at          timestamptz not null,
    source      text,
    event_id    text,
    value       text        not null,
    replayed_at timestamptz,
    replayed_by text,
    replays     int         not null default 0
);
create index dead_letter_of_program on dead_letter (program, id desc);

-- How far this service has read topics; moved on in the transaction of what was read.
create table consumer_position (
    topic     text   not null,
    partition int    not null,
    next      bigint not null,
    primary key (topic, partition)
);

alter table dead_letter enable row level security;
alter table dead_letter force row level security;
create policy of_program on dead_letter
    using (program = current_setting('app.program', true))
    with check (program = current_setting('app.program', true));

grant select, insert, update on dead_letter, consumer_position to ingestion;
