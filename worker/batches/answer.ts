// The answer to a batch as a stream: rows are priced only as fast as the reader takes them.
import { limits } from "../http/limits.ts";
import type { AnswerWriter } from "./answer-writer.ts";
import type { PricedRow } from "./priced-rows.ts";

async function* textsOf(writer: AnswerWriter, blocks: AsyncIterable<PricedRow[]>): AsyncGenerator<string> {
  let head = writer.head;
  let isFirst = true;
  for await (const block of blocks) {
    let text = head;
    head = "";
    for (const priced of block) {
      text += writer.row(priced, isFirst);
      isFirst = false;
    }
    if (text !== "") yield text;
  }
  yield head + writer.tail;
}

export interface StreamedAnswer {
  readonly body: ReadableStream<Uint8Array>;
  /** The beginning, and whether the log would need more to have it whole. */
  readonly head: string;
  readonly isCut: boolean;
}

/** Starts the answer: what fails before the first block fails the request. `done` is called when it is over, however it ends. */
export async function streamAnswer(
  writer: AnswerWriter,
  blocks: AsyncIterable<PricedRow[]>,
  done: () => void,
): Promise<StreamedAnswer> {
  const encoder = new TextEncoder();
  const texts = textsOf(writer, blocks);
  const ready: string[] = [];
  let [size, isOver] = [0, false];
  while (!isOver && size <= limits.loggedBodyBytes) {
    const next = await texts.next();
    isOver = next.done === true;
    if (!next.done) {
      ready.push(next.value);
      size += next.value.length;
    }
  }
  // Noted now: a stream begins to pull as soon as there is one.
  const head = ready.join("");
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const text = ready.shift() ?? (await texts.next()).value;
        if (typeof text === "string") controller.enqueue(encoder.encode(text));
        else {
          done();
          controller.close();
        }
      } catch (error) {
        console.error("a batch breaks off", error);
        done();
        controller.error(error);
      }
    },
    cancel: done,
  });
  return { body, head, isCut: !isOver };
}
