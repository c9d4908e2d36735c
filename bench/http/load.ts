// A load generator of kept-alive connections that each send the next request once the last is answered (a closed loop).
// Requests are bytes made beforehand and answers are only split, not parsed, so that the client takes little of the machine.
import { connect, type Socket } from "node:net";

export interface Load {
  readonly port: number;
  readonly connections: number;
  /** When to stop: after so long, or after so many answers. */
  readonly seconds?: number;
  readonly answers?: number;
  /** Whole requests, sent in turn. */
  readonly requests: readonly Buffer[];
}

export interface LoadResult {
  readonly answers: number;
  readonly seconds: number;
  /** Answers that were not 200. */
  readonly refused: number;
  /** Milliseconds from the write of a request to the last byte of its answer, rising. */
  readonly latencies: Float64Array;
}

/** One HTTP/1.1 request as bytes, from the `client`-th of many networks: to each its own limit of the rate. */
export function requestBytes(path: string, port: number, json: string, client: number): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(json)}`,
    // What Cloudflare's edge adds: the log keeps a hash of it.
    `CF-Connecting-IP: 2001:db8:0:${client.toString(16)}::1`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${json}`);
}

/** Bytes of the answer at the start of `text` (latin1), undefined while it is not whole. Only Content-Length and chunked bodies are known. */
function answerLength(text: string): number | undefined {
  const head = text.indexOf("\r\n\r\n");
  if (head < 0) return undefined;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head))?.[1];
  if (length !== undefined) {
    const end = head + 4 + Number(length);
    return text.length >= end ? end : undefined;
  }
  const last = text.indexOf("\r\n0\r\n\r\n", head);
  return last < 0 ? undefined : last + 7;
}

/** Runs the load to its end; rejects where a connection breaks. */
export async function runLoad({ port, connections, requests, ...end }: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  let refused = 0;
  let next = 0;
  const start = performance.now();
  const { seconds = Number.POSITIVE_INFINITY, answers = Number.POSITIVE_INFINITY } = end;
  const deadline = start + seconds * 1000;
  const drive = () =>
    new Promise<void>((resolve, reject) => {
      const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true });
      let sentAt = 0;
      let pending = "";
      const send = () => {
        if (performance.now() >= deadline || next >= answers) {
          socket.end();
          resolve();
          return;
        }
        sentAt = performance.now();
        socket.write(requests[next++ % requests.length]);
      };
      socket.setEncoding("latin1");
      socket.once("connect", send);
      socket.on("error", reject);
      socket.on("close", () => reject(new Error("the connection was closed before its answer")));
      socket.on("data", (chunk: unknown) => {
        pending += chunk as string;
        const length = answerLength(pending);
        if (length === undefined) return;
        latencies.push(performance.now() - sentAt);
        if (!pending.startsWith("HTTP/1.1 200")) refused++;
        pending = pending.slice(length);
        send();
      });
    });
  await Promise.all(Array.from({ length: connections }, drive));
  const took = (performance.now() - start) / 1000;
  return {
    answers: latencies.length,
    seconds: took,
    refused,
    latencies: Float64Array.from(latencies).sort(),
  };
}

/** The latency that `share` of the answers stayed within. */
export function quantile({ latencies }: LoadResult, share: number): number {
  return latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
}
