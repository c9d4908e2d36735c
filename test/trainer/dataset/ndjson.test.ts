// NDJSON sources: what is read, and what is said where a line is wrong.
import { describe, expect, it } from "vitest";
import { maxRecordBytes } from "../../../trainer/dataset/csv.ts";
import { readNdjson } from "../../../trainer/dataset/ndjson.ts";
import { bytesOf, collect, houses } from "./fixture.ts";

const read = (text: string) => collect(readNdjson(houses, bytesOf(text, 5), "houses.ndjson"));
const plain = { row: 1, values: { area: 50, town: "Ulm", age: 3, rent: 700 } };

describe("readNdjson", () => {
  it.each([
    ["one object a line", '{"area":50,"town":"Ulm","age":3,"rent":700}\n'],
    ["CRLF, blank lines and no last line end", '\r\n{"area":50,"town":"Ulm","age":3,"rent":700}\r\n\n'],
    ["the id of an item", '{"id":"00001","area":50,"town":"Ulm","age":3,"rent":700}'],
    ["a byte order mark", '\uFEFF{"area":50,"town":"Ulm","age":3,"rent":700}'],
  ])("reads %s", async (_, text) => {
    expect(await read(text)).toEqual([plain]);
  });

  it("takes null, absence and missing words alike", async () => {
    const rows = await read(
      '{"area":50,"town":"NA","age":null,"rent":700}\n{"area":"","rent":1,"town":"Köln"}\n',
    );
    expect(rows).toEqual([
      { row: 1, values: { area: 50, rent: 700 } },
      { row: 2, values: { rent: 1, town: "Köln" } },
    ]);
  });

  it.each([
    ["text that is not JSON", '{"area":50}\n{"area":', /line 2 \(row 2\): not JSON/],
    ["an array", "[1,2]", /line 1 \(row 1\): expected an object; got an array/],
    ["an unknown field", '{"colour":"red"}', /unknown "colour"; expected area, town, age, rent/],
    ["a number as text", '{"area":"50"}', /area: expected a number or an empty cell; got "50"/],
    ["a level as a number", '{"town":3}', /town: expected text; got 3/],
    ["a number that overflows", '{"area":1e309}', /area: expected a number/],
    ["nothing", "", /empty; expected one JSON object a line/],
    ["a huge line", `{"town":"${"x".repeat(maxRecordBytes)}"}`, /line 1: expected at most/],
  ])("refuses %s", async (_, text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });
});
