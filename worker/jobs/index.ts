// What other nouns may use of jobs.
export { acceptedJob, acceptJob, idempotencyHeader } from "./accept-job.ts";
export { type Change, changeJobs, held } from "./store/changes.ts";
export { findJobRow, type JobRow } from "./store/jobs.ts";
export { newLease } from "./store/leases.ts";
