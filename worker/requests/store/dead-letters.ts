// Dead letters: messages of log entries that could not be written, one object each in R2, until they are written after all.
import * as z from "zod";
import type { Env } from "../../env.ts";
import { withStorage } from "../../storage/database.ts";
import { type LogEntry, writeRequests } from "./requests.ts";

const prefix = "dead-letters/";

const Nullable = z.string().nullable();

/** What the log's table takes: one entry that is none would fail the statement that writes all. */
const Entry: z.ZodType<LogEntry> = z.object({
  id: z.string().min(1).max(100),
  time: z.int().min(0),
  method: z.string(),
  route: z.string(),
  path: z.string(),
  dataset: Nullable,
  status: z.int(),
  latencyMs: z.number(),
  modelId: Nullable,
  requestBody: Nullable,
  responseBody: Nullable,
  client: Nullable,
});

/** A message holds one entry, or an array of those that left an isolate together. */
const Entries = z.union([Entry.transform((entry) => [entry]), z.array(Entry).min(1)]);

/** The entries of a letter; empty where it is none. */
function findEntries(text: string): LogEntry[] {
  try {
    return Entries.safeParse(JSON.parse(text)).data ?? [];
  } catch {
    return [];
  }
}

/** `dead-letters/<date>/<id>.json`: the same letter twice is one object. What is no entry is kept under the message's id. */
function letterKey(body: string, message: { readonly id: string; readonly timestamp: Date }): string {
  const [entry] = findEntries(body) as (LogEntry | undefined)[];
  const date = new Date(entry?.time ?? message.timestamp.getTime()).toISOString().slice(0, 10);
  const id = (entry?.id ?? message.id).replace(/[^\w-]/g, "_");
  return `${prefix}${date}/${id}.json`;
}

/** Keeps a letter. Rejects where R2 does. */
export async function keepLetter(
  env: Env,
  message: { readonly id: string; readonly timestamp: Date; readonly body: unknown },
): Promise<void> {
  const body = typeof message.body === "string" ? message.body : (JSON.stringify(message.body) ?? "");
  await env.BUCKET.put(letterKey(body, message), body, { httpMetadata: { contentType: "application/json" } });
}

export interface Replay {
  /** Entries of letters that are in the log now, whether or not they were before, and no longer among the dead. */
  readonly replayed: number;
  /** Letters that are no log entries: they stay for someone to look at. */
  readonly unreadable: number;
  /** Where to go on; null where every letter was looked at. */
  readonly next: string | null;
}

/** Writes at most `limit` letters after the key `after` to the log, then removes them. Dying in between loses nothing. */
export async function replayLetters(env: Env, after: string | undefined, limit: number): Promise<Replay> {
  return withStorage(async () => {
    const listed = await env.BUCKET.list({ prefix, limit, startAfter: after });
    const letters: { key: string; entries: LogEntry[] }[] = [];
    for (const { key } of listed.objects) {
      const object = await env.BUCKET.get(key);
      if (object) letters.push({ key, entries: findEntries(await object.text()) });
    }
    const good = letters.filter(({ entries }) => entries.length > 0);
    const entries = good.flatMap((letter) => letter.entries);
    await writeRequests(
      env,
      entries.map((entry) => JSON.stringify(entry)),
    );
    if (good.length > 0) await env.BUCKET.delete(good.map(({ key }) => key));
    const next = listed.truncated ? (listed.objects.at(-1)?.key ?? null) : null;
    return { replayed: entries.length, unreadable: letters.length - good.length, next };
  });
}
