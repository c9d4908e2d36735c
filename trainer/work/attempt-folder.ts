// The folder that one attempt at a job runs in. It outlives an attempt that was cut off, so that the next one goes on with its search.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Where a trainer keeps its jobs' attempts, beside where it is run. */
export const attemptsFolder = join(".cache", "jobs");

/**
 * Makes the folder of `attempt` (from 1) at job `id` under `base`. It starts with what the latest earlier attempt left there.
 * A copy, since the process of a lost attempt may still write into its own folder for a moment.
 */
export function openAttempt(base: string, id: string, attempt: number): string {
  const job = join(base, id);
  const folder = join(job, String(attempt));
  // A job that was given back is claimed again as the same attempt.
  if (existsSync(folder)) return folder;
  mkdirSync(job, { recursive: true });
  const earlier = readdirSync(job)
    .map(Number)
    .filter((number) => number < attempt)
    .sort((a, b) => b - a)
    .at(0);
  if (earlier === undefined) mkdirSync(folder);
  else cpSync(join(job, String(earlier)), folder, { recursive: true });
  return folder;
}

/** Removes what all attempts at job `id` left under `base`: the job has come to its end. */
export function removeAttempts(base: string, id: string): void {
  rmSync(join(base, id), { recursive: true, force: true, maxRetries: 3 });
}
