// Takes log entries that could not be written from the queue of dead letters to R2, where they wait to be replayed.
import type { Env } from "../env.ts";
import { keepLetter } from "./store/dead-letters.ts";

/** Acknowledges each letter that is kept; the others are delivered again. */
export async function consumeDeadLetters(batch: MessageBatch<unknown>, env: Env): Promise<void> {
  for (const message of batch.messages) {
    try {
      await keepLetter(env, message);
      message.ack();
    } catch (error) {
      console.error(`the dead letter ${message.id} is not kept`, error);
      message.retry();
    }
  }
}
