// Server-sent events out of a response's body (WHATWG HTML, 9.2.6), as far as our own server writes them.

export interface ServerEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** What one event may take: the server's lines are far shorter. */
const longestEvent = 1_000_000;

function parseEvent(block: string): ServerEvent | undefined {
  const fields: Record<string, string> = { id: "", event: "message", data: "" };
  for (const line of block.split("\n")) {
    const [, name, value] = /^(id|event|data): ?(.*)$/.exec(line) ?? [];
    if (name === "data" && fields.data !== "") fields.data += `\n${value}`;
    else if (name !== undefined) fields[name] = value;
  }
  const { id, event, data } = fields;
  return data === "" ? undefined : { id, event, data };
}

/** Events as they come. Comments and fields that nobody uses here are left out; throws for one without end. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let held = "";
  for await (const chunk of body) {
    held += decoder.decode(chunk, { stream: true });
    const blocks = held.split("\n\n");
    held = blocks.pop() ?? "";
    if (held.length > longestEvent) throw new Error(`an event is longer than ${longestEvent} characters`);
    for (const block of blocks) {
      const event = parseEvent(block);
      if (event) yield event;
    }
  }
}
