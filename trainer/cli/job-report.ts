// Jobs on a terminal: a table of many, the facts of one, and the course of one as it goes on.
import type { Job } from "#core/api/jobs.ts";
import type { Server } from "../../sdk/send.ts";
import { followJob } from "../client/jobs.ts";
import type { Task } from "../progress.ts";
import { tell } from "./output.ts";
import { terminalProgress } from "./progress-bar.ts";
import { type Column, layTable } from "./text-table.ts";

const shown = (time: string | null) => time?.slice(0, 19).replace("T", " ") ?? "";

function share({ progress }: Job): string {
  if (!progress || progress.total === 0) return "";
  return `${Math.floor((100 * progress.done) / progress.total)} % ${progress.label}`;
}

export function layJobs(jobs: readonly Job[]): string {
  if (jobs.length === 0) return "no jobs yet";
  const columns: Column[] = ["job", "kind", "dataset", "state", "attempt", "asked by", "created", ""].map(
    (title) => ({ title, align: "left" }),
  );
  const rows = jobs.map((job) => [
    ...[job.id, job.kind, job.dataset, job.state, `${job.attempt} of ${job.attempts}`, job.actor],
    ...[shown(job.createdAt), job.error ?? (job.finishedAt ? "" : share(job))],
  ]);
  return layTable(columns, rows);
}

export function layJob(job: Job): string {
  const facts: Record<string, string> = {
    job: `${job.id} (${job.kind} of ${job.dataset})`,
    state: job.cancelRequested && !job.finishedAt ? `${job.state}, to be cancelled` : job.state,
    "asked by": job.actor,
    attempt: `${job.attempt} of ${job.attempts}${job.worker ? ` by ${job.worker}` : ""}`,
    created: shown(job.createdAt),
    started: shown(job.startedAt),
    finished: shown(job.finishedAt),
    progress: share(job),
    error: job.error ?? "",
    params: JSON.stringify(job.params),
    result: job.result ? JSON.stringify(job.result) : "",
  };
  return Object.entries(facts)
    .filter(([, text]) => text !== "")
    .map(([name, text]) => `${name.padEnd(9)} ${text}`)
    .join("\n");
}

/** Shows the course of a job to its end: a bar for what is being done, a line for what is told. */
export async function showCourse(server: Server, id: string): Promise<void> {
  let task: Task | undefined;
  let label = "";
  try {
    for await (const event of followJob(server, id)) {
      if (event.type === "progress") {
        const { progress } = event;
        if (progress.label !== label) {
          task?.end();
          label = progress.label;
          task = terminalProgress.task(label, progress.total);
        }
        task?.update(progress.done, progress.note);
        continue;
      }
      task?.end();
      [task, label] = [undefined, ""];
      tell(
        event.type === "log" ? event.line : `${id}: ${event.state}${event.error ? `: ${event.error}` : ""}`,
      );
    }
  } finally {
    task?.end();
  }
}
