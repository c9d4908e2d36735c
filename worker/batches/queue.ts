// Takes messages for slices of batches: does each, or has it delivered again.
import * as z from "zod";
import type { Env } from "../env.ts";
import type { Isolate } from "../serving/isolate.ts";
import { runSlice } from "./run-slice.ts";

const Message = z.object({ job: z.string().max(100), slice: z.int().min(0) });

/** How long until the next delivery: longer each time, as long as somebody else may hold a slice at most. */
const delaySeconds = (attempts: number) => Math.min(2 ** attempts, 120);

/** Acknowledges what is done or makes no sense; the rest is delivered again. */
export async function consumeBatchJobs(
  batch: MessageBatch<unknown>,
  env: Env,
  isolate: Isolate,
): Promise<void> {
  const behind: Promise<unknown>[] = [];
  const waitUntil = (work: Promise<unknown>) => void behind.push(work);
  for (const message of batch.messages) {
    const parsed = Message.safeParse(message.body);
    if (!parsed.success) {
      console.error(`the message ${message.id} is none for a slice`);
      message.ack();
      continue;
    }
    try {
      const outcome = await runSlice({ env, isolate, waitUntil }, parsed.data, message.attempts);
      if (outcome === "done") message.ack();
      else message.retry({ delaySeconds: delaySeconds(message.attempts) });
    } catch (error) {
      console.error(`${parsed.data.job}: slice ${parsed.data.slice} is tried again`, error);
      message.retry({ delaySeconds: delaySeconds(message.attempts) });
    }
  }
  await Promise.all(behind);
}
