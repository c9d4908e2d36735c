// What rows of a batch carry beside their features, how their cells may be parted, and names that are given twice.
import { beforeAll, describe, expect, it } from "vitest";
import { diamonds, setUp, stone } from "../models/bundles.ts";
import { resetStorage, Service } from "../service.ts";

const path = "/v1/diamonds/predict/batch";
const json = "application/json";
const csv = "text/csv";
const ndjson = "application/x-ndjson";

interface Item {
  readonly index: number;
  readonly prediction?: number;
  readonly kept?: object;
  readonly errors?: { pointer: string; detail: string }[];
}

const service = new Service();

beforeAll(async () => {
  await resetStorage();
  await setUp(service, diamonds);
});

const send = (body: BodyInit, type: string, accept?: string, query = "") =>
  service.fetch(path + query, {
    method: "POST",
    headers: { "content-type": type, ...(accept ? { accept } : {}) },
    body,
    token: "admin",
  });

async function itemsOf(answer: Response): Promise<Item[]> {
  const text = await answer.text();
  if (answer.headers.get("content-type")?.startsWith(json)) return JSON.parse(text).items;
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

describe("columns that are carried through", () => {
  const price = async (body: string, type: string, query = "", accept?: string) => {
    const answer = await send(body, type, accept, query);
    expect([answer.status, answer.status === 200 ? "" : await answer.clone().text()]).toEqual([200, ""]);
    return answer;
  };
  const table = (separator: string, decimal = ".") =>
    [
      ["id", "carat", "cut", "color", "clarity", "shelf"],
      ["a-1", `1${decimal}01`, "Ideal", "G", "VS1", "left"],
      ["a-2", `0${decimal}5`, " Ideal", "G", "Perfect", ""],
    ]
      .map((cells) => cells.join(separator))
      .join("\n");

  it("stand in a CSV answer between the index and the price, beside faults too", async () => {
    const answer = await price(table(","), csv, "?keep=shelf");
    const [head, first, second] = (await answer.text()).split("\r\n");
    expect(head).toBe("index,id,shelf,prediction,low,high,missing,warnings,errors");
    expect(first).toMatch(/^0,a-1,left,\d+/);
    expect(second).toMatch(/^1,a-2,,,,,,,.*clarity: expected one of/);
  });

  it("stand under kept in JSON and NDJSON, as they were given", async () => {
    const given = [{ ...stone, id: 17, shelf: null }, { ...stone, carat: -1, key: "k", shelf: true }, stone];
    const inJson = await itemsOf(await price(JSON.stringify({ rows: given }), json, "?keep=shelf"));
    const kept = inJson.map((item) => item.kept);
    expect(kept).toEqual([{ id: 17, shelf: null }, { key: "k", shelf: true }, undefined]);
    const lines = given.map((row) => JSON.stringify(row)).join("\n");
    expect(await itemsOf(await price(lines, ndjson, "?keep=shelf"))).toEqual(inJson);
  });

  it.each([
    [";", ","],
    ["\t", ","],
    ["|", "."],
  ])("a table parted by %j with %s as decimal mark has the same prices", async (separator, decimal) => {
    const plain = await (await price(table(","), csv, "?keep=shelf")).text();
    expect(await (await price(table(separator, decimal), csv, "?keep=shelf")).text()).toBe(plain);
  });

  it("are refused where they are unknown, too many, too long or the answer's own", async () => {
    const fault = async (body: string, type: string, query: string) => {
      const answer = await send(body, type, undefined, query);
      const { errors = [] } = await answer.json<{ errors?: { pointer: string; detail: string }[] }>();
      return `${answer.status} ${errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join("; ")}`;
    };
    expect(await fault(table(","), csv, "")).toMatch(/^422 \/shelf unknown column "shelf"/);
    expect(await fault(table(","), csv, "?keep=shelf,drawer")).toMatch(/^422 \/drawer required/);
    expect(await fault(table(","), csv, "?keep=shelf,low")).toMatch(/^422 \/keep "low" is a column/);
    const many = Array.from({ length: 21 }, (_, at) => `c${at}`).join(",");
    expect(await fault(table(","), csv, `?keep=${many}`)).toMatch(
      /^422 \/keep expected at most 20 columns; got 21/,
    );
    const [item] = await itemsOf(
      await price(JSON.stringify({ rows: [{ ...stone, id: "x".repeat(201) }] }), json),
    );
    expect(item.errors).toEqual([
      { pointer: "/id", detail: "expected a text of at most 200 characters, a number, true, false or null" },
    ]);
  });
});

describe("a name given twice", () => {
  it("makes a JSON body malformed, and spoils only its own line of NDJSON", async () => {
    const twice = '{"carat": 1, "cut": "Ideal", "color": "G", "clarity": "VS1", "c\\u0061rat": 2}';
    const whole = await send(`{"rows": [${twice}]}`, json);
    expect(whole.status).toBe(400);
    expect(await whole.text()).toContain("the name is given twice in one object");
    const items = await itemsOf(await send(`${JSON.stringify(stone)}\n${twice}`, ndjson));
    expect(items[0].prediction).toBeGreaterThan(0);
    expect(items[1].errors).toEqual([{ pointer: "/carat", detail: "the name is given twice in one object" }]);
  });

  it("is refused for one row, and not mistaken where objects or strings hold the same name", async () => {
    const one = (body: string) =>
      service.fetch("/v1/diamonds/predict", {
        method: "POST",
        headers: { "content-type": json },
        body,
      });
    const twice = await one('{"carat": 1, "carat": 2, "cut": "Ideal", "color": "G", "clarity": "VS1"}');
    expect(twice.status).toBe(400);
    expect(await twice.json()).toMatchObject({ errors: [{ pointer: "/carat" }] });
    const nested = await one('{"carat": {"carat": 1}, "cut": "carat"}');
    expect(nested.status).toBe(422);
  });
});

describe("the key of a row", () => {
  it("is answered beside the price, and is no feature", async () => {
    const ask = (key: unknown) =>
      service.fetch("/v1/diamonds/predict", { method: "POST", json: { ...stone, key } });
    expect(await (await ask("shop-17")).json()).toMatchObject({ key: "shop-17" });
    const long = await ask("k".repeat(201));
    expect(long.status).toBe(422);
    expect(await long.json()).toMatchObject({
      errors: [
        {
          pointer: "/key",
          detail: expect.stringMatching(/^expected a text of 1 to 200 characters; got "k{1,100}…/),
        },
      ],
    });
  });
});
