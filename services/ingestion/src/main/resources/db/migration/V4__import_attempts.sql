-- How often a job was begun: more than once, and some of its events may have been sent twice.
alter table import_job add column attempts int not null default 0;
