-- A list says who is in it by name. A class of a segment set is changed with its set.
alter table segment
    add column kind       text    not null default 'rule' check (kind in ('rule', 'list')),
    add column overridden boolean not null default false,
    add column set_key    text;

-- Who was put into a segment or out of it by hand, as it is now.
create table segment_override (
    program    text        not null,
    segment    text        not null,
    member     text        not null,
    included   boolean     not null,
    since      timestamptz not null,
    created_at timestamptz not null,
    created_by text        not null,
    primary key (program, segment, member),
    foreign key (program, segment) references segment (program, key)
);
alter table segment_override enable row level security;
alter table segment_override force row level security;
create policy of_program on segment_override
    using (program = current_setting('app.program', true))
    with check (program = current_setting('app.program', true));

-- Numbers changes by hand, as two of one member may count from the same instant.
create sequence override_change;
grant usage on sequence override_change to segmentation;

-- An override goes to its member's partition only; null: a definition, for every partition.
alter table definition_outbox add column member text;

-- Ordered classes: every member is in the first whose condition it satisfies, or in the last.
create table segment_set (
    program    text        not null,
    key        text        not null,
    body       json        not null,
    revision   bigint      not null check (revision > 0),
    created_at timestamptz not null,
    created_by text        not null,
    updated_at timestamptz not null,
    updated_by text        not null,
    primary key (program, key)
);
alter table segment_set enable row level security;
alter table segment_set force row level security;
create policy of_program on segment_set
    using (program = current_setting('app.program', true))
    with check (program = current_setting('app.program', true));

-- Every change of a segment, a set or a list: who, when, and what became of what. Never changed.
create table audit_entry (
    id      bigint generated always as identity,
    program text        not null,
    segment text        not null,
    action  text        not null,
    at      timestamptz not null,
    actor   text        not null,
    change  json        not null,
    primary key (id)
);
create index audit_entry_of_segment on audit_entry (program, segment, id);
alter table audit_entry enable row level security;
alter table audit_entry force row level security;
create policy of_program on audit_entry
    using (program = current_setting('app.program', true))
    with check (program = current_setting('app.program', true));

-- Sizes over time are sums over stays by when they begin and end.
create index membership_of_segment on membership (program, segment, since);

grant select, insert, update, delete on segment_override, segment_set to segmentation;
grant select, insert on audit_entry to segmentation;
