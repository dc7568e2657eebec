-- Writes where a member is from an instant on, in place of what was recorded from there on. One round
-- trip and no reading back: a batch of changes is a batch of calls. Runs as the caller, so that
-- row-level security holds.
create procedure record_membership(
    of_program text,
    of_segment text,
    of_member  text,
    from_at    timestamptz,
    new_since  timestamptz,
    new_until  timestamptz,
    of_version int,
    of_cause   text,
    of_id      text,
    at_record  timestamptz
)
language plpgsql
as $$
begin
    -- What begins later never was.
    update membership set superseded_at = at_record
     where program = of_program and member = of_member and segment = of_segment
       and superseded_at is null and since >= from_at;
    -- What was said to have ended later ended then: written anew, so that what was recorded stays.
    insert into membership (program, segment, member, since, until, version, cause, cause_id,
                            recorded_at, until_recorded_at)
    select program, segment, member, since, from_at, version, cause, cause_id, at_record, at_record
      from membership
     where program = of_program and member = of_member and segment = of_segment
       and superseded_at is null and until > from_at;
    update membership set superseded_at = at_record
     where program = of_program and member = of_member and segment = of_segment
       and superseded_at is null and until > from_at;
    -- What lasts ends.
    update membership set until = from_at, until_recorded_at = at_record
     where program = of_program and member = of_member and segment = of_segment
       and superseded_at is null and until is null;
    if new_since is not null then
        -- A stay that goes on where one ends is that one.
        update membership
           set until = new_until,
               until_recorded_at = case when new_until is null then null else at_record end,
               version = of_version
         where program = of_program and member = of_member and segment = of_segment
           and superseded_at is null and until = new_since;
        if not found then
            insert into membership (program, segment, member, since, until, version, cause,
                                    cause_id, recorded_at, until_recorded_at)
            values (of_program, of_segment, of_member, new_since, new_until, of_version, of_cause,
                    of_id, at_record, case when new_until is null then null else at_record end);
        end if;
    end if;
end;
$$;

grant execute on procedure record_membership to segmentation;
