// Writes log entries from the queue to D1: each exactly once, however often it is delivered.
import type { Env } from "../env.ts";
import { writeRequests } from "./store/requests.ts";

const isEntry = (value: unknown) => typeof value === "object" && value !== null && "id" in value;

/** The entries of a message, one or an array of them, as JSON separated by commas; undefined where it is neither. */
function findEntries(message: Message<unknown>): string | undefined {
  const { body } = message;
  if (typeof body !== "string") return undefined;
  try {
    const value: unknown = JSON.parse(body);
    if (isEntry(value)) return Array.isArray(value) ? undefined : body;
    return Array.isArray(value) && value.length > 0 && value.every(isEntry)
      ? body.trim().slice(1, -1)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Acknowledges a batch that is written; has it delivered again, and in the end kept among the dead letters, where it cannot be. */
export async function consumeRequestLog(batch: MessageBatch<unknown>, env: Env): Promise<void> {
  const texts: string[] = [];
  const read: Message<unknown>[] = [];
  for (const message of batch.messages) {
    const entries = findEntries(message);
    if (entries === undefined) {
      // What is no entry would fail the whole statement: it goes its own way to the dead letters.
      message.retry();
      continue;
    }
    texts.push(entries);
    read.push(message);
  }
  try {
    await writeRequests(env, texts);
    for (const message of read) message.ack();
  } catch (error) {
    console.error(`${read.length} messages of log entries not written`, error);
    for (const message of read) message.retry();
  }
}
