-- Imports of history: one row a job. Everything up to "units" has been acknowledged by Kafka; the
-- counts belong to exactly that much of the file.
create table import_job (
    program        text        not null,
    id             text        not null,
    source         text        not null,
    mapping        json,
    shift_to_now   boolean     not null,
    state          text        not null check (state in
                       ('created', 'running', 'paused', 'completed', 'cancelled', 'failed')),
    failure        text,
    created_at     timestamptz not null,
    created_by     text        not null,
    started_at     timestamptz,
    finished_at    timestamptz,
    received       bigint      not null default 0,
    complete       boolean     not null default false,
    shift_millis   bigint,
    total_rows     bigint,
    units          bigint      not null default 0,
    rows_done      bigint      not null default 0,
    rows_rejected  bigint      not null default 0,
    rejected       bigint      not null default 0,
    errors         bigint      not null default 0,
    declarations   bigint      not null default 0,
    accepted       bigint,
    duplicate      bigint,
    refused        bigint,
    events         bigint      not null default 0,
    events_by_type json        not null default '{}',
    lease_owner    text,
    lease_until    timestamptz,
    primary key (program, id)
);
create index import_job_by_state on import_job (program, state);

-- The file as it was sent, in parts; kept until the job has ended.
create table import_content (
    program   text   not null,
    import_id text   not null,
    position  bigint not null,
    bytes     bytea  not null,
    primary key (program, import_id, position),
    foreign key (program, import_id) references import_job (program, id) on delete cascade
);
alter table import_content alter column bytes set storage external;

-- What was rejected, in the order of the job.
create table import_error (
    program   text   not null,
    import_id text   not null,
    number    bigint not null,
    line      bigint not null,
    reason    text   not null,
    remedy    text   not null,
    primary key (program, import_id, number),
    foreign key (program, import_id) references import_job (program, id) on delete cascade
);

-- By how much a file's times were moved, so that the same file again is moved by the same.
create table import_shift (
    program text   not null,
    source  text   not null,
    digest  text   not null,
    millis  bigint not null,
    primary key (program, source, digest)
);

do $$
declare
    t text;
begin
    foreach t in array array['import_job', 'import_content', 'import_error', 'import_shift'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format(
            'create policy of_program on %I using (program = current_setting(''app.program'', true))'
            || ' with check (program = current_setting(''app.program'', true))', t);
        execute format('grant select, insert, update, delete on %I to ingestion', t);
    end loop;
end
$$;
