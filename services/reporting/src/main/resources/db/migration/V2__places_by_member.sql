-- The segment first: what asks for a place by its member, with segment || '', can then never be planned through
-- this index, as it was on tables without statistics, where all members of the segment were gone through.
drop index membership_of_segment;
create index membership_of_segment on membership (segment, program, since);
