-- What a program allows: its settings, attributes and own event types, one row each.
create table registry_entry (
    program    text        not null,
    kind       text        not null check (kind in ('program', 'attribute', 'event-type')),
    name       text        not null,
    version    bigint      not null check (version > 0),
    body       json        not null,
    updated_at timestamptz not null,
    updated_by text        not null,
    primary key (program, kind, name)
);

-- Registry records still to be published, in the order of their transactions' inserts.
create table registry_outbox (
    id      bigint generated always as identity primary key,
    program text  not null,
    key     text  not null,
    body    bytea not null
);

alter table registry_entry enable row level security;
alter table registry_entry force row level security;
create policy of_program on registry_entry
    using (program = current_setting('app.program', true))
    with check (program = current_setting('app.program', true));

alter table registry_outbox enable row level security;
alter table registry_outbox force row level security;
create policy of_program on registry_outbox
    using (program = current_setting('app.program', true))
    with check (program = current_setting('app.program', true));

grant select, insert, update, delete on registry_entry, registry_outbox to ingestion;
