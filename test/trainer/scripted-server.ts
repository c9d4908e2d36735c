// An HTTP server whose answers a test writes down, and which remembers what it was asked.
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Cuts the connection instead of answering. */
  readonly hangUp?: boolean;
}

export interface ScriptedServer {
  readonly url: string;
  readonly asked: Asked[];
  close(): Promise<void>;
}

/** `answer` is called for every request; bodies that are neither text nor bytes are sent as JSON. */
export async function startServer(
  answer: (asked: Asked) => Answer | Promise<Answer>,
): Promise<ScriptedServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", async () => {
      const { method = "", url: path = "", headers } = request;
      const one = { method, path, headers, body: Buffer.concat(pieces) };
      asked.push(one);
      const { status = 200, headers: sent = {}, body = {}, hangUp } = await answer(one);
      if (hangUp) return request.socket.destroy();
      const plain = typeof body === "string" || body instanceof Uint8Array;
      response.writeHead(status, { "content-type": plain ? "text/plain" : "application/json", ...sent });
      response.end(plain ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
