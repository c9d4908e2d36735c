// Imports: CSV and NDJSON in both modes, hostile files, imports that die in the middle, and keys that make one import of many.
import { beforeEach, describe, expect, it } from "vitest";
import type { Env } from "../../../worker/env.ts";
import { limits } from "../../../worker/http/limits.ts";
import { boats, register } from "../models/bundles.ts";
import { type Call, env, resetStorage, Service } from "../service.ts";

const path = "/v1/boats/items";
const csvType = "text/csv; charset=utf-8";
const ndjsonType = "application/x-ndjson";
let service: Service;

interface Report {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejectedCount: number;
  readonly rejected: readonly { line: number; errors: readonly { pointer: string; detail: string }[] }[];
}
interface Problem {
  readonly detail: string;
  readonly errors: readonly { pointer: string; detail: string; line?: number }[];
}

beforeEach(async () => {
  await resetStorage();
  service = new Service();
  await register(service, boats);
});

const send = (
  body: BodyInit,
  type: string,
  mode = "partial",
  headers: Record<string, string> = {},
  by = service,
) =>
  by.fetch(`${path}/import?mode=${mode}`, {
    method: "POST",
    headers: { "content-type": type, ...headers },
    body,
    token: "admin",
  });
const csv = async (body: BodyInit, mode?: string) =>
  (await send(body, csvType, mode)).json<Report & Problem>();
const line = (id: string, length = 5, price: number | null = 1000) =>
  JSON.stringify({ id, length, hull: "wood", price });
const lines = (count: number, length = 5) =>
  Array.from({ length: count }, (_, at) => line(String(at).padStart(6, "0"), length)).join("\n");
const get = async <T>(where: string, call: Call = {}) =>
  (await service.fetch(where, { token: "admin", ...call })).json<T>();
const count = async () => (await get<{ rows: number }>("/v1/boats")).rows;
const staged = async () =>
  (await env.DB.prepare("select count(*) as n from staged_items").first<{ n: number }>())?.n;
const summary = ({ inserted, updated, unchanged, rejectedCount }: Report) => [
  ...[inserted, updated, unchanged, rejectedCount],
];

describe("CSV", () => {
  it("is read by its header: any order, a byte order mark, quotes, lines within fields, blanks around", async () => {
    const text =
      '\uFEFFprice, hull ,id,length\r\n"1000",wood,"a\nb",5\r\n,"say ""steel""","x,y", 6.5 \r\n\r\nNA,GfK é,NA,7';
    const told = await csv(text);
    expect(told.rejected).toMatchObject([{ line: 2, errors: [{ pointer: "/id" }] }]);
    expect(summary(told)).toEqual([2, 0, 0, 1]);
    const { items } = await get<{ items: object[] }>(path);
    expect(items).toMatchObject([
      { id: "NA", features: { length: 7, hull: "GfK é" }, target: null },
      { id: "x,y", features: { length: 6.5, hull: 'say "steel"' }, target: null },
    ]);
  });

  it("tells ragged and broken records by their line, however many lines a record has", async () => {
    const text =
      'id,length,hull\na,5,wood\n"b\nb",5,wood\nc,5\nd,5,wood,1\ne,five,wood\n"f"x,5,wood\ng,5,wood\na,6,wood\n"h';
    const told = await csv(text);
    expect(
      told.rejected.map((one) => [one.line, `${one.errors[0].pointer} ${one.errors[0].detail}`]),
    ).toEqual([
      [3, expect.stringContaining("/id expected a text")],
      [5, " expected 3 cells, as the header has; got 2"],
      [6, " expected 3 cells, as the header has; got 4"],
      [7, expect.stringContaining("/length expected a number")],
      [8, " not CSV: text stands after a closing quote"],
      [10, "/id the id stands on line 2 already"],
      [11, " not CSV: a quote is never closed"],
    ]);
    expect(summary(told)).toEqual([2, 0, 0, 7]);
  });

  it.each([
    ["no header", "", "/length required: the column is missing"],
    ["no id", "length,hull\n5,wood\n", "/id required: the column is missing"],
    ["a column of nobody", "id,length,hull,revision\n", "/revision unknown column"],
    ["a column twice", "id,length,hull,id\n", "/id the column is there twice"],
  ])("with %s is refused whole", async (_, text, told) => {
    const answer = await send(text, csvType);
    expect(answer.status).toBe(422);
    const { errors } = await answer.json<Problem>();
    expect(errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join("\n")).toContain(told);
  });

  it("that is not UTF-8, or has a record without an end, is refused", async () => {
    const bytes = new Uint8Array([...new TextEncoder().encode("id,length,hull\na,5,Gf"), 0xe9, 0x0a]);
    expect((await send(bytes, csvType)).status).toBe(400);
    expect((await send(`id,length,hull\n"${"x".repeat(100_000)}`, csvType)).status).toBe(413);
    expect((await send("id,length,hull\n", "text/csv; charset=latin1")).status).toBe(415);
  });

  it("comes back as it was exported", async () => {
    await send(lines(500), ndjsonType);
    await csv('id,length,hull,age,price\n"a,""b""",7,"say ""steel""",3,\n');
    const read = async () => (await service.fetch(`${path}/export?format=csv`, { token: "admin" })).text();
    const before = await read();
    await env.DB.prepare("delete from items").run();
    expect(summary(await csv(before, "all-or-nothing"))).toEqual([501, 0, 0, 0]);
    expect(await read()).toBe(before);
    const some = await service.fetch(`${path}/export?format=csv&filter=price:eq:`, { token: "admin" });
    expect(await some.text()).toBe('id,length,hull,age,price\r\n"a,""b""",7,"say ""steel""",3,\r\n');
  });
});

describe("a bad record in the middle", () => {
  const many = () =>
    [...lines(9000).split("\n"), line("bad", 500), ...lines(9020).split("\n").slice(9000)].join("\n");

  it("is rejected alone with mode=partial", async () => {
    const report = await (await send(many(), ndjsonType)).json<Report>();
    expect(summary(report)).toEqual([9020, 0, 0, 1]);
    expect(report.rejected).toMatchObject([{ line: 9001, errors: [{ pointer: "/length" }] }]);
    expect(await count()).toBe(9020);
  });

  it("refuses the whole with mode=all-or-nothing, though batches were sent before it", async () => {
    const answer = await send(many(), ndjsonType, "all-or-nothing");
    expect(answer.status).toBe(422);
    expect((await answer.json<Problem>()).errors).toEqual([
      {
        line: 9001,
        pointer: "/length",
        detail: expect.stringMatching(/^line 9001: expected a number at least 1/),
      },
    ]);
    expect([await count(), await staged()]).toEqual([0, 0]);
  });

  it("is named with the others, up to a bound, in mode=all-or-nothing", async () => {
    const answer = await send(`${line("a")}\n${"{}\n".repeat(5000)}`, ndjsonType, "all-or-nothing");
    const { errors } = await answer.json<Problem>();
    expect(errors).toHaveLength(100);
    expect(errors[0].line).toBe(2);
  });

  it.each(["partial", "all-or-nothing"])("may be one id twice: mode=%s", async (mode) => {
    const answer = await send(`${line("a", 5)}\n${line("b")}\n${line("a", 6)}`, ndjsonType, mode);
    expect(answer.status).toBe(mode === "partial" ? 200 : 422);
    expect(await answer.text()).toContain("the id stands on line 1 already");
    expect(await count()).toBe(mode === "partial" ? 2 : 0);
  });
});

describe("mode=all-or-nothing", () => {
  it("says what it inserted, updated and left alone, and the audit knows", async () => {
    await send(`${line("a")}\n${line("b")}\n${line("c")}`, ndjsonType);
    await service.fetch(`${path}/c`, { method: "DELETE", token: "admin", headers: { "if-match": "*" } });
    const answer = await send(
      `${line("a")}\n${line("b", 6)}\n${line("c")}\n${line("d")}`,
      ndjsonType,
      "all-or-nothing",
    );
    expect(await answer.json()).toEqual({
      inserted: 2,
      updated: 1,
      unchanged: 1,
      rejectedCount: 0,
      rejected: [],
    });
    const { items } = await get<{ items: { action: string; before: object; after: object }[] }>(
      `${path}/b/history`,
    );
    expect(items).toMatchObject([
      { action: "import", before: { features: { length: 5 } }, after: { features: { length: 6 } } },
      { action: "import", before: null },
    ]);
    expect(await staged()).toBe(0);
  });

  it("shows nobody a part of it", async () => {
    const pieces = Array.from({ length: 15 }, (_, at) =>
      Array.from({ length: 1000 }, (_, i) => line(`${at}-${i}`)).join("\n"),
    );
    const seen: [number, number][] = [];
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        seen.push([await count(), (await staged()) ?? 0]);
        const piece = pieces.shift();
        if (piece === undefined) controller.close();
        else controller.enqueue(new TextEncoder().encode(`${piece}\n`));
      },
    });
    const importing = send(body, ndjsonType, "all-or-nothing");
    let isDone = false;
    importing.finally(() => {
      isDone = true;
    });
    while (!isDone) seen.push([await count(), (await staged()) ?? 0]);
    expect(await (await importing).json<Report>()).toMatchObject({ inserted: 15_000 });
    expect(seen.some(([visible, aside]) => visible === 0 && aside > 1)).toBe(true);
    expect(seen.filter(([visible]) => visible !== 0 && visible !== 15_000)).toEqual([]);
    expect([await count(), await staged()]).toEqual([15_000, 0]);
  });

  /** The database, failing at the statement whose SQL matches, as a killed isolate would. */
  const dying = (pattern: RegExp): Env => {
    const prepare = (sql: string) => {
      if (pattern.test(sql)) throw new Error("killed");
      return env.DB.prepare(sql);
    };
    const DB = new Proxy(env.DB, {
      get: (target, name) => {
        if (name === "prepare") return prepare;
        const value = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    return { ...env, DB };
  };

  it("that is killed before it is visible leaves nothing to see, and a later one tidies up", async () => {
    const doomed = new Service();
    doomed.env = dying(/from staged_items|delete from staged_items/);
    expect((await send(lines(5000), ndjsonType, "all-or-nothing", {}, doomed)).status).toBe(503);
    expect([await count(), (await staged()) ?? 0]).toEqual([0, expect.any(Number)]);
    expect(await staged()).toBeGreaterThan(0);
    await send(line("a"), ndjsonType, "all-or-nothing");
    // Not yet: an import that still runs has rows there too.
    expect(await staged()).toBeGreaterThan(0);
    await env.DB.prepare("update staged_items set staged_at = staged_at - 3600001").run();
    await send(line("b"), ndjsonType, "all-or-nothing");
    expect([await count(), await staged()]).toEqual([2, 0]);
  });

  it("whose sender breaks off in the middle leaves nothing at all", async () => {
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode(`${lines(5000)}\n`));
        controller.error(new Error("the sender is gone"));
      },
    });
    const answer = await send(body, ndjsonType, "all-or-nothing").catch(() => undefined);
    expect(answer?.status ?? 0).not.toBe(200);
    expect([await count(), await staged()]).toEqual([0, 0]);
  });

  it("of more than one body may have is refused, and keeps nothing", async () => {
    const big = `${lines(150_000)}\n${" ".repeat(60_000)}\n`.concat(`${" ".repeat(60_000)}\n`.repeat(350));
    expect(big.length).toBeGreaterThan(limits.importBytes);
    expect((await send(big, ndjsonType, "all-or-nothing")).status).toBe(413);
    expect([await count(), await staged()]).toEqual([0, 0]);
  });
});

describe("Idempotency-Key", () => {
  const key = { "idempotency-key": "import-1" };

  it.each(["partial", "all-or-nothing"])("gives repetitions the first answer: mode=%s", async (mode) => {
    const first = await send(`${line("a")}\n${line("b")}`, ndjsonType, mode, key);
    const text = await first.text();
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    await send(line("a", 9), ndjsonType);
    const again = await send(`${line("a")}\n${line("b")}`, ndjsonType, mode, key);
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([200, "true"]);
    expect(await again.text()).toBe(text);
    expect(JSON.parse(text)).toEqual({
      inserted: 2,
      updated: 0,
      unchanged: 0,
      rejectedCount: 0,
      rejected: [],
    });
    expect(await get(`${path}/a`)).toMatchObject({ features: { length: 9 } });
  });

  it("refuses another body, another query and another type under the same key", async () => {
    await send(line("a"), ndjsonType, "partial", key);
    for (const answer of [
      await send(line("b"), ndjsonType, "partial", key),
      await send(`${line("a")}\n`, ndjsonType, "partial", key),
      await send(line("a"), ndjsonType, "all-or-nothing", key),
      await send("id,length,hull\na,5,wood", csvType, "partial", key),
      await service.fetch(path, {
        json: { features: { length: 5, hull: "wood" } },
        headers: key,
        token: "admin",
      }),
    ]) {
      expect(answer.status).toBe(422);
      expect((await answer.json<Problem>()).errors).toMatchObject([{ pointer: "/Idempotency-Key" }]);
    }
    expect(await count()).toBe(1);
  });

  it("lets one of many concurrent requests work; the others hear that it runs, or its answer", async () => {
    const make = () =>
      service.fetch(path, { json: { features: { length: 5, hull: "wood" } }, headers: key, token: "admin" });
    const answers = await Promise.all(Array.from({ length: 20 }, make));
    const made = answers.filter(({ status }) => status === 201);
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    const bodies = await Promise.all(made.map((answer) => answer.text()));
    expect(new Set(bodies).size).toBe(1);
    expect(made.filter(({ headers }) => headers.get("idempotency-replayed") === null)).toHaveLength(1);
    expect(await count()).toBe(1);
    const late = await make();
    expect([late.status, late.headers.get("location"), late.headers.get("etag")]).toEqual([
      ...[201, made[0].headers.get("location"), '"1"'],
    ]);
    expect(await late.text()).toBe(bodies[0]);
  });

  it("is answered 409 while the first one runs, and free again when that fails", async () => {
    let finish: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const slow = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await held;
        controller.enqueue(new Uint8Array([0xff]));
        controller.close();
      },
    });
    const first = send(slow, ndjsonType, "partial", key);
    while ((await env.DB.prepare("select 1 from idempotency_keys").first()) === null) await scheduler.wait(5);
    const second = await send(line("a"), ndjsonType, "partial", key);
    expect([second.status, second.headers.get("retry-after")]).toEqual([409, "5"]);
    finish?.();
    expect((await first).status).toBe(400);
    expect((await send(line("a"), ndjsonType, "partial", key)).status).toBe(200);
  });

  it("is free again when the one that held it died, and forgotten after a day", async () => {
    await env.DB.prepare(
      "insert into idempotency_keys (actor, key, request, expires_at) values ('admin', 'import-1', 'dead', ?1)",
    )
      .bind(Date.now() + 60_000)
      .run();
    expect((await send(line("a"), ndjsonType, "partial", key)).status).toBe(409);
    const pass = () => env.DB.prepare("update idempotency_keys set expires_at = 1").run();
    await pass();
    expect((await send(line("a"), ndjsonType, "partial", key)).status).toBe(200);
    await pass();
    const again = await send(line("a"), ndjsonType, "partial", key);
    expect([again.headers.get("idempotency-replayed"), (await again.json<Report>()).unchanged]).toEqual([
      null,
      1,
    ]);
    await pass();
    await send(line("a"), ndjsonType, "partial", { "idempotency-key": "another" });
    const left = await env.DB.prepare("select key from idempotency_keys").all<{ key: string }>();
    expect(left.results).toEqual([{ key: "another" }]);
  });

  it("is of its sender alone, and has a form", async () => {
    for (const wrong of ["", "a b", "x".repeat(256), "é"]) {
      expect((await send(line("a"), ndjsonType, "partial", { "idempotency-key": wrong })).status, wrong).toBe(
        400,
      );
    }
    expect(await count()).toBe(0);
  });

  it("does nothing twice even if the answer was never sent", async () => {
    const lost = new Service();
    const create = (by: Service) =>
      by.fetch(path, { json: { features: { length: 5, hull: "wood" } }, headers: key, token: "admin" });
    const first = await (await create(lost)).text();
    // Whoever asks another isolate after a broken connection gets what was kept with the item itself.
    expect(await (await create(service)).text()).toBe(first);
    expect(await count()).toBe(1);
  });
});
