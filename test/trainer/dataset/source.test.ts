// Where rows may come from, and what is said of a place that gives none.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatOf, openSource, readRows } from "../../../trainer/dataset/source.ts";
import { collect, houses } from "./fixture.ts";

const text = "area,town,age,rent\n50,Ulm,3,700\n";
let folder: string;
let server: Server;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "appraise-source-"));
  writeFileSync(join(folder, "houses.csv"), text);
  writeFileSync(join(folder, "houses.csv.gz"), gzipSync(text));
  writeFileSync(join(folder, "broken.csv.gz"), gzipSync(text).subarray(0, 20));
  server = createServer((request, response) => {
    response.statusCode = request.url === "/houses.csv" ? 200 : 404;
    response.end(request.url === "/houses.csv" ? text : "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const read = async (location: string) =>
  collect(readRows(houses, formatOf(location) ?? "csv", await openSource(location, folder), location));

describe("openSource", () => {
  it("reads a file, a gzipped file and a URL alike", async () => {
    const expected = [{ row: 1, values: { area: 50, town: "Ulm", age: 3, rent: 700 } }];
    expect(await read("houses.csv")).toEqual(expected);
    expect(await read("houses.csv.gz")).toEqual(expected);
    expect(await read(join(folder, "houses.csv"))).toEqual(expected);
    expect(await read(`${url}/houses.csv`)).toEqual(expected);
  });

  it("finds a file of an installed package", async () => {
    let bytes = 0;
    const source = await openSource("npm:@observablehq/sample-datasets/diamonds.csv", folder);
    for await (const chunk of source) bytes += chunk.length;
    expect(bytes).toBeGreaterThan(2_000_000);
  });

  it.each([
    ["absent.csv", /absent\.csv: no such file/],
    [".", /expected a file/],
    ["npm:@observablehq/sample-datasets/absent.csv", /run npm install/],
    ["npm:@observablehq/sample-datasets/../../package.json", /expected npm:<package>\/<file>/],
    ["npm:nothing", /expected npm:<package>\/<file>/],
    ["http://127.0.0.1:1/houses.csv", /cannot be read/],
  ])("refuses %s", async (location, message) => {
    await expect(openSource(location, folder)).rejects.toThrow(message);
  });

  it("tells the status of a URL that has nothing", async () => {
    await expect(openSource(`${url}/other.csv`, folder)).rejects.toThrow(/answered 404/);
  });

  it("fails on a gzip that breaks off", async () => {
    await expect(read("broken.csv.gz")).rejects.toThrow(
      /broken\.csv\.gz: cannot be unpacked: unexpected end of file/,
    );
  });

  it("knows formats by name", () => {
    const names = ["a.csv", "a.csv.gz", "a.ndjson", "a.jsonl?x=1", "a.txt", "-"];
    expect(names.map(formatOf)).toEqual(["csv", "csv", "ndjson", "ndjson", undefined, undefined]);
  });
});
