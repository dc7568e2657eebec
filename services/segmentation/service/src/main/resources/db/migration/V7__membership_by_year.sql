-- Stays by the year in which they begin, so that a year can be vacuumed, moved and dropped by itself. What
-- begins before the first of them or after the last is in the default partition.

-- Makes the partition of a year, unless it is there, and moves there what the default partition has of it. Runs as
-- the owner, as the service's own role has no DDL; takes nothing but a year.
create function membership_partition(of_year int) returns void
    language plpgsql
    security definer
    set search_path = pg_catalog, public
as $$
declare
    partition text := 'membership_' || of_year;
    since_from timestamptz := make_timestamptz(of_year, 1, 1, 0, 0, 0, 'UTC');
    since_to   timestamptz := make_timestamptz(of_year + 1, 1, 1, 0, 0, 0, 'UTC');
begin
    -- One at a time: several instances start together.
    perform pg_advisory_xact_lock(hashtext('membership_partition'));
    if to_regclass('public.' || partition) is not null then
        return;
    end if;
    -- Before anything else: who writes stays waits here, and not for rows that are on their way.
    lock table public.membership_default in access exclusive mode;
    execute format('create table public.%I (like public.membership including defaults including constraints)'
        || ' with (fillfactor = 85)', partition);
    -- Row-level security is forced on the parent only, which is what everybody reads.
    execute format('with moved as (delete from public.membership_default where since >= $1 and since < $2'
        || ' returning *) insert into public.%I select * from moved', partition)
        using since_from, since_to;
    execute format('alter table public.membership attach partition public.%I for values from (%L) to (%L)',
        partition, since_from, since_to);
end;
$$;
revoke all on function membership_partition(int) from public;
grant execute on function membership_partition(int) to segmentation;

select membership_partition(of_year)
  from generate_series(extract(year from now())::int - 1, extract(year from now())::int + 1) as of_year;

-- The segment first: what asks for a place by its member, with segment || '', can then never be planned through
-- this index, as it was on tables without statistics, where all members of the segment were gone through.
drop index membership_of_segment;
create index membership_of_segment on membership (segment, program, since);
