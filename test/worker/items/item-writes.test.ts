// Items written one by one: what is made, changed and deleted, on whose condition, what the audit keeps of it, and what is refused.
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { boats, register } from "../models/bundles.ts";
import { broken, type Call, resetStorage, Service } from "../service.ts";

const service = new Service();
const items = "/v1/boats/items";
const content = (length: number, target: number | null = 1000) => ({
  features: { length, hull: "wood" },
  target,
});

interface Item {
  readonly id: string;
  readonly features: Record<string, unknown>;
  readonly target: number | null;
  readonly revision: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

interface Change {
  readonly revision: number;
  readonly action: string;
  readonly actor: string;
  readonly request: string;
  readonly before: object | null;
  readonly after: object | null;
}

const place = (id: string) => `${items}/${encodeURIComponent(id)}`;
const ask = (path: string, call: Call = {}) => service.fetch(path, { token: "admin", ...call });
const create = (body: unknown, headers: Record<string, string> = {}) => ask(items, { json: body, headers });
const put = (id: string, body: unknown, etag?: string) =>
  ask(place(id), { method: "PUT", json: body, headers: etag === undefined ? {} : { "if-match": etag } });
const patch = (id: string, body: unknown, etag: string, type = "application/merge-patch+json") =>
  ask(place(id), { method: "PATCH", json: body, headers: { "if-match": etag, "content-type": type } });
const remove = (id: string, etag: string) =>
  ask(place(id), { method: "DELETE", headers: { "if-match": etag } });
const history = async (id: string) =>
  (await (await ask(`${place(id)}/history`)).json<{ items: Change[]; next: string | null }>()).items;
const similarIds = async (length: number) => {
  const answer = await ask("/v1/boats/similar?n=1", { json: { length, hull: "wood" } });
  return (await answer.json<{ items: { id: string }[] }>()).items.map(({ id }) => id);
};

beforeAll(async () => {
  await resetStorage();
  await register(service, boats);
});

describe("an item", () => {
  it("is made, read, replaced, patched and deleted, each step on record", async () => {
    const made = await create({ id: "a/b c", ...content(5) });
    expect(made.status).toBe(201);
    expect(made.headers.get("location")).toBe(place("a/b c"));
    expect(made.headers.get("etag")).toBe('"1"');
    const first = await made.json<Item>();
    expect(first).toEqual({
      ...{ id: "a/b c", ...content(5), revision: 1 },
      ...{ createdAt: expect.any(String), updatedAt: first.createdAt },
    });
    expect(await (await ask(made.headers.get("location") ?? "")).json()).toEqual(first);
    expect(await similarIds(5)).toEqual(["a/b c"]);

    const replaced = await put("a/b c", { features: { length: 50, hull: "wood", age: 3 } }, '"1"');
    expect([replaced.status, replaced.headers.get("etag")]).toEqual([200, '"2"']);
    expect(await replaced.json()).toMatchObject({ target: null, revision: 2, createdAt: first.createdAt });
    const patched = await patch("a/b c", { features: { age: null, length: 51 }, target: 9 }, '"2"');
    expect(await patched.json()).toMatchObject({
      features: { length: 51, hull: "wood" },
      target: 9,
      revision: 3,
    });
    expect((await patch("a/b c", { target: null }, '"3"', "application/json")).headers.get("etag")).toBe(
      '"4"',
    );
    expect(await similarIds(5)).toEqual(["a/b c"]);

    expect((await remove("a/b c", '"4"')).status).toBe(204);
    expect((await ask(place("a/b c"))).status).toBe(404);
    expect((await remove("a/b c", '"5"')).status).toBe(404);
    expect(await similarIds(5)).toEqual([]);
    const changes = await history("a/b c");
    expect(changes.map(({ revision, action, actor }) => [revision, action, actor])).toEqual([
      [5, "delete", "admin"],
      [4, "patch", "admin"],
      [3, "patch", "admin"],
      [2, "replace", "admin"],
      [1, "create", "admin"],
    ]);
    expect(changes.map(({ before, after }) => [before, after])).toEqual([
      [content(51, null), null],
      [content(51, 9), content(51, null)],
      [{ features: { length: 50, hull: "wood", age: 3 }, target: null }, content(51, 9)],
      [content(5), { features: { length: 50, hull: "wood", age: 3 }, target: null }],
      [null, content(5)],
    ]);
    expect(changes[1].request).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("gets an id from the server where it has none, and 409 where another has it", async () => {
    const one = await (await create(content(7))).json<Item>();
    const two = await (await create(content(7))).json<Item>();
    expect(one.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(two.id).not.toBe(one.id);
    const taken = await create({ id: one.id, ...content(8) });
    expect(taken.status).toBe(409);
    expect(await taken.json()).toMatchObject({ errors: [{ pointer: "/id" }] });
    expect(await (await ask(place(one.id))).json()).toEqual(one);
  });

  it("comes to life again under a higher revision, so that no ETag is given twice", async () => {
    await create({ id: "phoenix", ...content(5) });
    await remove("phoenix", '"1"');
    const again = await create({ id: "phoenix", ...content(6) });
    expect([again.status, again.headers.get("etag")]).toEqual([201, '"3"']);
    expect((await put("phoenix", content(9), '"1"')).status).toBe(412);
    expect((await history("phoenix")).map(({ action }) => action)).toEqual(["create", "delete", "create"]);
    expect((await history("phoenix"))[0].before).toBeNull();
  });

  it("is left alone by the content it has already", async () => {
    await create({ id: "same", ...content(5) });
    const answer = await put(
      "same",
      { target: 1000, features: { hull: "wood", age: null, length: 5 } },
      '"1"',
    );
    expect([answer.status, answer.headers.get("etag")]).toEqual([200, '"1"']);
    expect(await history("same")).toHaveLength(1);
  });

  it("answers 304 to a reader who has it already", async () => {
    await create({ id: "known", ...content(5) });
    const get = (etag: string) => ask(place("known"), { headers: { "if-none-match": etag } });
    for (const etag of ['"1"', 'W/"1"', '"0", "1"', "*"]) expect((await get(etag)).status, etag).toBe(304);
    expect((await get('"2"')).status).toBe(200);
    expect((await get("1")).status).toBe(400);
  });

  it("has a history that pages", async () => {
    await create({ id: "paged", ...content(5) });
    for (let at = 1; at < 8; at++) await put("paged", content(5 + at), `"${at}"`);
    const seen: Change[] = [];
    let cursor = "";
    do {
      const answer = await ask(`${place("paged")}/history?limit=3${cursor && `&cursor=${cursor}`}`);
      const page = await answer.json<{ items: Change[]; next: string | null }>();
      seen.push(...page.items);
      cursor = page.next ?? "";
    } while (cursor);
    expect(seen).toEqual(await history("paged"));
    expect(seen.map(({ revision }) => revision)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    expect(seen.slice(0, -1).map(({ before }) => before)).toEqual(seen.slice(1).map(({ after }) => after));
  });
});

describe("conditions", () => {
  it("are needed, well formed, and held", async () => {
    await create({ id: "guarded", ...content(5) });
    expect((await put("guarded", content(6))).status).toBe(428);
    expect((await ask(place("guarded"), { method: "DELETE" })).status).toBe(428);
    for (const malformed of ["1", '"1', "", 'W/1"', '"1" "2"', '*, "1"', `"${"x".repeat(3000)}"`]) {
      expect((await put("guarded", content(6), malformed)).status, malformed).toBe(400);
    }
    for (const stale of ['"0"', '"2"', 'W/"1"', '"x"', '"9999999999999999999999"']) {
      expect((await put("guarded", content(6), stale)).status, stale).toBe(412);
      expect((await patch("guarded", { target: 1 }, stale)).status, stale).toBe(412);
      expect((await remove("guarded", stale)).status, stale).toBe(412);
    }
    expect((await (await ask(place("guarded"))).json<Item>()).revision).toBe(1);
    expect((await put("guarded", content(6), '"7", "1"')).status).toBe(200);
    expect((await put("guarded", content(7), "*")).status).toBe(200);
    expect((await put("nosuch", content(7), "*")).status).toBe(404);
  });

  it("let exactly one of fifty concurrent writers win", async () => {
    await create({ id: "contended", ...content(1) });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) => {
        if (at % 3 === 0) return patch("contended", { target: at + 1 }, '"1"');
        return put("contended", content(2 + at), '"1"');
      }),
    );
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(49);
    expect(await (await ask(place("contended"))).json()).toEqual(await winners[0].json());
    expect(await history("contended")).toHaveLength(2);
  });

  it("of any revision lose no update either", async () => {
    await create({ id: "counter", features: { length: 5, hull: "wood" }, target: 0 });
    const writers = await Promise.all(
      Array.from({ length: 6 }, (_, at) => patch("counter", { features: { age: at + 1 } }, "*")),
    );
    const done = writers.filter(({ status }) => status === 200).length;
    expect(writers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    const changes = await history("counter");
    expect(changes).toHaveLength(done + 1);
    expect(changes.map(({ revision }) => revision)).toEqual(
      Array.from({ length: done + 1 }, (_, at) => done + 1 - at),
    );
  });

  it("let one of a deletion and a change win", async () => {
    await create({ id: "torn", ...content(1) });
    const [gone, kept] = await Promise.all([remove("torn", '"1"'), put("torn", content(2), '"1"')]);
    const isGone = gone.status === 204;
    expect(isGone ? [412, 404] : [200]).toContain(kept.status);
    expect((await ask(place("torn"))).status).toBe(isGone ? 404 : 200);
  });
});

describe("what is refused", () => {
  const faults = async (answer: Response, status: number) => {
    const problem = await answer.json<{ errors: { pointer: string; detail: string }[] }>();
    expect(`${answer.status} ${JSON.stringify(problem)}`).toMatch(new RegExp(`^${status} `));
    return problem.errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join("\n");
  };

  it.each([
    ["revision", 7],
    ["createdAt", "2020-01-01T00:00:00Z"],
    ["updatedAt", null],
    ["deletedAt", 1],
    ["dataset", "diamonds"],
    ["actor", "someone"],
  ])("%s, which the server sets, by name", async (name, value) => {
    expect(await faults(await create({ ...content(5), [name]: value }), 422)).toBe(
      `/${name} the server sets it; leave it out`,
    );
    await create({ id: "massive", ...content(5) });
    for (const answer of [
      await put("massive", { ...content(6), [name]: value }, "*"),
      await patch("massive", { [name]: value }, "*"),
    ])
      expect(await faults(answer, 422)).toContain("the server sets it");
    expect(await faults(await put("massive", { id: "other", ...content(6) }, "*"), 422)).toContain(
      "/id the path names",
    );
    expect(await (await ask(place("massive"))).json()).toMatchObject({ revision: 1, ...content(5) });
  });

  it.each([
    ["a body that is no object", [], "", "expected an object"],
    ["no features", { target: 1 }, "/features", "expected an object with one field a feature"],
    ["an unknown field", { ...content(5), colour: 1 }, "/colour", "unknown field; expected only"],
    [
      "an unknown feature",
      { features: { length: 5, hull: "wood", Age: 1 } },
      "/features/Age",
      'did you mean "age"',
    ],
    [
      "a text for a number",
      { features: { length: "5", hull: "wood" } },
      "/features/length",
      "expected a number",
    ],
    ["an unknown level", { features: { length: 5, hull: "paper" } }, "/features/hull", "expected one of"],
    ["a text for a target", { ...content(5), target: "1" }, "/target", "a finite number of EUR"],
    ["a target that is no number", { ...content(5), target: {} }, "/target", "got an object"],
    [
      "a feature of every object",
      JSON.parse('{"features": {"length": 5, "hull": "wood", "__proto__": 1}}'),
      "/features/__proto__",
      "unknown",
    ],
  ])("%s", async (_, body, pointer, detail) => {
    const told = await faults(await create(body), 422);
    expect(told).toContain(pointer);
    expect(told).toContain(detail);
  });

  it("ids that are none, or that no path could name", async () => {
    const texts = [
      "",
      ".",
      "..",
      "import",
      "export",
      "x".repeat(201),
      " a",
      "a\n",
      "\u0000",
      "\u0085",
      "\ud800",
    ];
    for (const id of [...texts, 5, null, ["a"]]) {
      expect(await faults(await create({ id, ...content(5) }), 422)).toMatch(
        /^\/id expected a text of 1 to 200/,
      );
    }
  });

  it("a name of ten megabytes, and a body that is not JSON", async () => {
    expect((await create({ id: "x".repeat(10_000_000), ...content(5) })).status).toBe(413);
    expect((await create({ ["x".repeat(50_000)]: 1, ...content(5) })).status).toBe(422);
    const raw = (body: BodyInit, type: string) =>
      ask(items, { method: "POST", body, headers: { "content-type": type } });
    expect((await raw("{", "application/json")).status).toBe(400);
    expect((await raw("[".repeat(1000), "application/json")).status).toBe(400);
    expect((await raw(new Uint8Array([0x7b, 0xff]), "application/json")).status).toBe(400);
    expect((await raw("{}", "text/plain")).status).toBe(415);
    const long = await ask(`${items}/${"x".repeat(10_000)}`);
    expect(long.status).toBe(404);
  });

  it("patches that make the item invalid, or are of another type", async () => {
    await create({ id: "sound", ...content(5) });
    expect(await faults(await patch("sound", { features: { length: null } }, "*"), 422)).toContain(
      "/features/length required",
    );
    expect(await faults(await patch("sound", { features: { length: 500 } }, "*"), 422)).toContain(
      "at most 100",
    );
    expect(await faults(await patch("sound", { features: null }, "*"), 422)).toContain("/features");
    expect(await faults(await patch("sound", { features: [] }, "*"), 422)).toContain("/features");
    expect(await faults(await patch("sound", [{ op: "remove", path: "/target" }], "*"), 422)).toContain(
      "an object",
    );
    expect((await patch("sound", {}, "*", "application/json-patch+json")).status).toBe(415);
    expect(await (await ask(place("sound"))).json()).toMatchObject({ ...content(5), revision: 1 });
  });

  it("paths that climb out of the dataset", async () => {
    for (const id of ["..%2F..%2Frequests", "%2e%2e", "..%5c..", "a%00b", "%ff", "' or 1=1 --"]) {
      const answer = await ask(`${items}/${id}`);
      expect([400, 404, 405], id).toContain(answer.status);
      expect(await answer.text()).not.toContain('"target"');
    }
  });

  it("any writes at all while the database is away: 503, to try again", async () => {
    const away = new Service();
    await away.fetch("/v1/boats", { token: "admin" });
    away.env = { ...away.env, DB: broken("no D1") };
    const call = (method: string, path: string, headers = {}) =>
      away.fetch(path, { method, token: "admin", json: content(5), headers });
    const key = { "idempotency-key": "k" };
    for (const answer of [
      await call("POST", items),
      await call("POST", items, key),
      await call("PUT", place("sound"), { "if-match": "*" }),
      await call("DELETE", place("sound"), { "if-match": "*" }),
      await away.fetch(`${place("sound")}/history`, { token: "admin" }),
      await away.fetch(items, { token: "admin" }),
    ]) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get("retry-after")).toBe("5");
    }
  });
});

it("a merge patch does what RFC 7396 says, for any item and patch that fit together", async () => {
  await create({ id: "merged", ...content(5) });
  const features = fc.record(
    {
      length: fc.integer({ min: 1, max: 100 }),
      hull: fc.constantFrom("wood", "GfK é"),
      age: fc.option(fc.nat(50)),
    },
    { requiredKeys: [] },
  );
  const patches = fc.record({ features, target: fc.option(fc.integer()) }, { requiredKeys: [] });
  let expected: { features: Record<string, unknown>; target: number | null } = content(5);
  await fc.assert(
    fc.asyncProperty(patches, async (given) => {
      const item = await (await patch("merged", given, "*")).json<Item>();
      const merged = { ...expected.features, ...given.features };
      expected = {
        features: Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)),
        target: given.target === undefined ? expected.target : given.target,
      };
      expect(item).toMatchObject(expected);
      expect(Object.keys(item.features).sort()).toEqual(Object.keys(expected.features).sort());
    }),
    { numRuns: 40 },
  );
});
