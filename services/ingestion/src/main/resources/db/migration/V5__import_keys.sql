-- The Idempotency-Key a job was made with: the same request again finds that job.
alter table import_job add column idempotency_key text;
create unique index import_job_of_key on import_job (program, idempotency_key);
