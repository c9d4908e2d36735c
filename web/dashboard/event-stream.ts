// Server-sent events over fetch: EventSource can send no Authorization header, and a token in a URL would be written into logs.
import { ask } from "./api.ts";

export interface StreamEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

/** Whole events out of `text`, and what follows the last of them (https://html.spec.whatwg.org/#event-stream-interpretation). */
export function takeEvents(text: string): { readonly events: StreamEvent[]; readonly rest: string } {
  const blocks = text.replaceAll("\r\n", "\n").split("\n\n");
  const rest = blocks.pop() ?? "";
  const events = blocks.flatMap((block) => {
    const fields: Record<string, string[]> = {};
    for (const line of block.split("\n")) {
      const [, name, value] = /^([^:]+):? ?(.*)$/.exec(line) ?? [];
      if (name) fields[name] = [...(fields[name] ?? []), value];
    }
    if (!fields.data) return [];
    return [
      { id: fields.id?.at(-1) ?? "", type: fields.event?.at(-1) ?? "message", data: fields.data.join("\n") },
    ];
  });
  return { events, rest };
}

async function* readOnce(path: string, last: string, signal: AbortSignal): AsyncGenerator<StreamEvent> {
  const answer = await ask(path, { headers: last === "" ? {} : { "last-event-id": last }, signal });
  if (answer.status === 204 || !answer.body) return;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const { events, rest } = takeEvents(held + value);
    held = rest;
    yield* events;
  }
}

/** Between two streams: the server ends one after three quarters of a minute. */
const pauseMs = 1000;

/** Every event until `isOver` says so, over as many streams as that takes. Throws ApiFault where one is refused. */
export async function* followEvents(
  path: string,
  isOver: () => boolean,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent> {
  let last = "";
  while (!signal.aborted) {
    for await (const event of readOnce(path, last, signal)) {
      last = event.id || last;
      yield event;
    }
    if (isOver()) return;
    await new Promise((resume) => setTimeout(resume, pauseMs));
    if (isOver()) return;
  }
}
