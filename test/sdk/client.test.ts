// The client's core against a scripted server: what it sends again, how long it waits, how tokens are renewed, and what a fault tells.
import { afterEach, describe, expect, it } from "vitest";
import { fixedAccess, renewingAccess } from "../../sdk/access.ts";
import { ApiFault, createClient, dataOf } from "../../sdk/index.ts";
import { retryDelayMs } from "../../sdk/retry.ts";
import { type Call, type Server, send } from "../../sdk/send.ts";
import { type Answer, type Asked, type ScriptedServer, startServer } from "../trainer/scripted-server.ts";

let server: ScriptedServer;
afterEach(() => server?.close());

async function serve(answer: (asked: Asked) => Answer | Promise<Answer>): Promise<Server> {
  server = await startServer(answer);
  return { url: server.url, access: fixedAccess("key") };
}

/** Answers in turn; the last one again and again. */
function inTurn(...answers: Answer[]): () => Answer {
  return () => (answers.length > 1 ? (answers.shift() as Answer) : answers[0]);
}

async function faultOf(call: Promise<unknown>): Promise<ApiFault> {
  const thrown: unknown = await call.catch((error: unknown) => error);
  if (!(thrown instanceof ApiFault)) throw new Error(`expected a fault; got ${JSON.stringify(thrown)}`);
  return thrown;
}

const get: Call = { method: "GET", path: "/v1/houses?at=now" };
const post: Call = { method: "POST", path: "/v1/houses/train", body: "{}" };
const busy: Answer = { status: 503, headers: { "retry-after": "0" }, body: { title: "starting" } };
const tooMany: Answer = { ...busy, status: 429 };
const hangUp: Answer = { hangUp: true };
const done: Answer = { body: { rows: 1 } };

describe("send", () => {
  it.each([
    ["503", busy, get, 2],
    ["503", busy, { ...get, method: "PUT" }, 2],
    ["503", busy, { ...get, method: "DELETE" }, 2],
    ["503", busy, { ...post, headers: { "Idempotency-Key": "once" } }, 2],
    ["503", busy, { ...post, repeatable: true }, 2],
    ["503", busy, post, 1],
    ["503", busy, { ...post, method: "PATCH" }, 1],
    ["429", tooMany, post, 2],
    ["broken connection", hangUp, get, 2],
    ["broken connection", hangUp, { ...post, repeatable: true }, 2],
    ["broken connection", hangUp, post, 1],
    ["500", { status: 500 }, get, 1],
    ["409", { status: 409 }, get, 1],
  ] satisfies [string, Answer, Call, number][])("after a %s %#", async (_, first, call, times) => {
    const one = await serve(inTurn(first, done));
    const result = await send(one, call).then(
      ({ status }) => status,
      ({ status }: ApiFault) => status,
    );
    expect(server.asked).toHaveLength(times);
    expect(result).toBe(times === 2 ? 200 : (first.status ?? 0));
    expect(new Set(server.asked.map(({ body }) => body.toString())).size).toBe(1);
  });

  it("sends four times at most, or as often as it is told", async () => {
    const one = await serve(() => busy);
    expect((await faultOf(send(one, get))).status).toBe(503);
    expect(server.asked).toHaveLength(4);
    await faultOf(send({ ...one, attempts: 1 }, get));
    expect(server.asked).toHaveLength(5);
  });

  it("stops waiting when its caller leaves", async () => {
    const leaving = new AbortController();
    const one = await serve(() => {
      setTimeout(() => leaving.abort(new Error("left")), 20);
      return { ...busy, headers: { "retry-after": "10" } };
    });
    await expect(send(one, { ...get, signal: leaving.signal })).rejects.toThrow("left");
    expect(server.asked).toHaveLength(1);
  });

  it("gives up on an answer that does not come", async () => {
    const one = await serve(() => new Promise(() => undefined));
    const fault = await faultOf(send({ ...one, timeoutMs: 30, attempts: 2 }, get));
    expect([fault.status, server.asked.length]).toEqual([0, 2]);
    expect(fault.message).toContain(`GET /v1/houses: no answer from ${one.url}: `);
  });
});

describe("a token that is renewed", () => {
  const hour = 3_600_000;

  /** A server that takes the `good` token only, and access that gets "next" for it. */
  async function expiring(endsAt: number, good: string) {
    const plain = await serve(({ headers }) =>
      headers.authorization === `Bearer ${good}` ? done : { status: 401, body: { detail: "not valid" } },
    );
    let held = { token: "first", endsAt };
    let renewals = 0;
    const access = renewingAccess({
      held: () => held,
      async renew() {
        renewals++;
        await new Promise((resume) => setTimeout(resume, 10));
        held = { token: "next", endsAt: Date.now() + hour };
        return held.token;
      },
    });
    return { one: { ...plain, access, attempts: 1 }, renewals: () => renewals };
  }

  it("is renewed before it ends", async () => {
    const { one, renewals } = await expiring(Date.now() + 30_000, "next");
    await send(one, get);
    await send(one, get);
    expect([renewals(), server.asked.length]).toEqual([1, 2]);
  });

  it("is renewed after a 401, once for all that wait, and a POST is sent again", async () => {
    const { one, renewals } = await expiring(Date.now() + hour, "next");
    await Promise.all([send(one, post), send(one, post), send(one, get)]);
    expect(renewals()).toBe(1);
  });

  it("is not renewed twice for one call", async () => {
    const { one, renewals } = await expiring(Date.now() + hour, "another");
    expect(await faultOf(send(one, get))).toMatchObject({ status: 401, detail: "not valid" });
    expect([renewals(), server.asked.length]).toEqual([1, 2]);
  });
});

describe("ApiFault", () => {
  const problem = {
    ...{ type: "about:blank", title: "Unprocessable Content", status: 422, instance: "01HX" },
    detail: "the row breaks the contract",
    errors: [{ pointer: "/carat", detail: "expected a number" }],
  };

  it("tells a problem document by its parts and in one line", async () => {
    const one = await serve(() => ({ status: 422, headers: { "retry-after": "7" }, body: problem }));
    const { detail, errors } = problem;
    expect(await faultOf(send(one, get))).toMatchObject({
      ...{ status: 422, requestId: "01HX", retryAfterSeconds: 7, detail, errors, problem },
      message: "GET /v1/houses: 422 the row breaks the contract; /carat: expected a number",
    });
  });

  it("names the scope that a token lacks, and a request by its header", async () => {
    const challenge = 'Bearer realm="appraise", error="insufficient_scope", scope="models:write"';
    const headers = { "www-authenticate": challenge, "x-request-id": "01HY" };
    const one = await serve(() => ({ status: 403, headers, body: "no" }));
    expect(await faultOf(send(one, get))).toMatchObject({ scope: "models:write", requestId: "01HY" });
  });

  it.each([
    ["", "Bad Gateway"],
    ["<html>\n<b>nginx</b>", "Bad Gateway"],
    ["upstream\n is away", "Bad Gateway upstream is away"],
    ['{"title":"Conflict"}', "Conflict"],
    ["[]", "Bad Gateway"],
    ["null", "Bad Gateway"],
    ['{"errors":[null,{"pointer":5}]}', "Bad Gateway"],
  ])("of %j", async (body, detail) => {
    const one = await serve(() => ({ status: 502, body }));
    expect(await faultOf(send(one, get))).toMatchObject({ detail, errors: [] });
  });

  it("is bounded", async () => {
    const one = await serve(() => ({ status: 400, body: { detail: "x".repeat(1e6) } }));
    expect((await faultOf(send(one, get))).message.length).toBeLessThan(700);
  });
});

describe("createClient", () => {
  const body = { carat: 1 };
  const params = { path: { dataset: "houses" } };

  it("sends a whole body again under an Idempotency-Key", async () => {
    const { url } = await serve(inTurn(hangUp, busy, { status: 201, body: { id: "1" } }));
    const header = { "idempotency-key": "once" };
    const item = { id: "1", features: body };
    const call = createClient({ url }).POST("/v1/{dataset}/items", {
      params: { ...params, header },
      body: item,
    });
    expect(await dataOf(call)).toEqual({ id: "1" });
    const sent = server.asked.map(({ body }) => JSON.parse(body.toString()));
    expect(sent).toEqual([item, item, item]);
  });

  it("asks for another token after a 401", async () => {
    const { url } = await serve(({ headers }) =>
      headers.authorization === "Bearer second" ? done : { status: 401 },
    );
    const tokens = ["first", "second"];
    const api = createClient({ url, token: () => tokens.shift() ?? "none" });
    expect(await dataOf(api.POST("/v1/{dataset}/predict", { params, body }))).toEqual({ rows: 1 });
  });

  it("throws an ApiFault for an answer that is a problem, and where none comes", async () => {
    const { url } = await serve(inTurn({ status: 404, body: { detail: "no such dataset" } }, hangUp));
    const ask = () => faultOf(dataOf(createClient({ url, attempts: 1 }).GET("/v1/{dataset}", { params })));
    expect(await ask()).toMatchObject({ status: 404, message: "/v1/houses: 404 no such dataset" });
    expect(await ask()).toMatchObject({ status: 0 });
  });

  it("leaves when its caller does", async () => {
    const leaving = new AbortController();
    const { url } = await serve(() => {
      leaving.abort();
      return new Promise(() => undefined);
    });
    const call = createClient({ url }).GET("/v1/{dataset}", { params, signal: leaving.signal });
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    expect(server.asked).toHaveLength(1);
  });
});

describe("retryDelayMs", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");

  it.each([
    ["3", 3000],
    ["0", 0],
    ["-5", 0],
    ["86400", 10_000],
    ["Thu, 01 Jan 2026 00:00:02 GMT", 2000],
    ["Wed, 31 Dec 2025 00:00:00 GMT", 0],
    ["soon", 1200],
    [null, 1200],
    ["", 1200],
  ])("of Retry-After %j", (header, delay) => {
    expect(retryDelayMs(header, 2, now, 1)).toBe(delay);
  });

  it("spreads those that nobody told how long, and nobody else", () => {
    expect(retryDelayMs(null, 2, now, 0)).toBe(600);
    expect(retryDelayMs("3", 2, now, 0)).toBe(3000);
  });
});
