-- What came of comparing memberships with those made again from the stored events.
create table segment_verification (
    id      bigint generated always as identity primary key,
    program text        not null,
    segment text        not null,
    as_of   timestamptz not null,
    body    json        not null
);
create index segment_verification_of_segment on segment_verification (program, segment, id);
alter table segment_verification enable row level security;
alter table segment_verification force row level security;
create policy of_program on segment_verification
    using (program = current_setting('app.program', true))
    with check (program = current_setting('app.program', true));
grant select, insert on segment_verification to segmentation;
