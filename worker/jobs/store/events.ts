// The events of a job, as they were added.
import { and, asc, eq, gt } from "drizzle-orm";
import type { Env } from "../../env.ts";
import { database, withStorage } from "../../storage/database.ts";
import { jobEvents } from "../../storage/schema.ts";

export interface JobEvent {
  readonly sequence: number;
  readonly type: string;
  /** JSON: when it was, and what. */
  readonly data: string;
  /** Whether nothing follows it. */
  readonly isLast: boolean;
}

const ended = new Set(["succeeded", "failed", "cancelled"]);

/** At most `limit` events after `sequence`, in their order. */
export async function listJobEvents(
  env: Env,
  job: string,
  sequence: number,
  limit: number,
): Promise<JobEvent[]> {
  const rows = await withStorage(() =>
    database(env)
      .select()
      .from(jobEvents)
      .where(and(eq(jobEvents.job, job), gt(jobEvents.sequence, sequence)))
      .orderBy(asc(jobEvents.sequence))
      .limit(limit),
  );
  return rows.map(({ sequence: at, type, data, time }) => {
    const told = JSON.parse(data) as Record<string, unknown>;
    return {
      ...{ sequence: at, type },
      data: JSON.stringify({ time: new Date(time).toISOString(), ...told }),
      isLast: type === "state" && ended.has(String(told.state)),
    };
  });
}
