-- A batch of changes is read, worked out in the service, and written back in three statements.
drop procedure record_membership;

-- No index holds until, so that the end of a stay is written in place, where the page has room for it.
alter table membership_default set (fillfactor = 85);
