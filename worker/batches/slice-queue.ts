// Messages that move batches on: one a slice, sent when the one before it is done.
import type { Env, SliceMessage } from "../env.ts";
import { withStorage } from "../storage/database.ts";
import { noteSent } from "./store/slices.ts";

/** Sends for a slice, and notes that it did. Sent twice a slice is still done once. */
export async function sendSlice(env: Env, message: SliceMessage): Promise<void> {
  await withStorage(() => env.BATCH_JOBS.send(message));
  await noteSent(env, message.job, message.slice);
}
