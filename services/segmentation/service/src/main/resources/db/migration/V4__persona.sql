-- What marketers wrote over the persona that is counted.
create table segment_persona (
    program    text        not null,
    key        text        not null,
    body       json        not null,
    updated_at timestamptz not null,
    updated_by text        not null,
    primary key (program, key),
    foreign key (program, key) references segment (program, key)
);

alter table segment_persona enable row level security;
alter table segment_persona force row level security;
create policy of_program on segment_persona
    using (program = current_setting('app.program', true))
    with check (program = current_setting('app.program', true));
