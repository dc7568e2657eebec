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
