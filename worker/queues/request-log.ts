// Writes log entries from the queue to D1: each exactly once, however often it is delivered.
import type { Env } from "../env.ts";
import { writeRequests } from "../store/requests.ts";

function isObject(text: unknown): text is string {
  if (typeof text !== "string") return false;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "id" in value;
  } catch {
    return false;
  }
}

/** Acknowledges a batch that is written; has it delivered again, and in the end kept among the dead letters, where it cannot be. */
export async function consumeRequestLog(batch: MessageBatch<unknown>, env: Env): Promise<void> {
  const entries = batch.messages.filter(({ body }) => isObject(body));
  // What is no entry would fail the whole statement: it goes its own way to the dead letters.
  for (const message of batch.messages) if (!isObject(message.body)) message.retry();
  try {
    await writeRequests(
      env,
      entries.map(({ body }) => body as string),
    );
    for (const message of entries) message.ack();
  } catch (error) {
    console.error(`${entries.length} log entries not written`, error);
    for (const message of entries) message.retry();
  }
}
