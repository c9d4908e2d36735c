// CSV read in pieces: any table comes back as it was written, however it is cut, and nothing hostile takes more than its share.
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CsvReader, csvCell } from "#core/dataset/csv.ts";

const bound = 1000;

/** Reads a text cut at the given places. */
function readCut(text: string, cuts: readonly number[], maxCharacters = bound) {
  // Tables of any text: what parts their cells is said, since text alone cannot tell.
  const reader = new CsvReader(maxCharacters, { separator: "," });
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  const records = places.slice(1).flatMap((end, at) => reader.push(text.slice(places[at], end)));
  return [...records, ...reader.end()];
}

const fieldsOf = (text: string, cuts: readonly number[] = []) =>
  readCut(text, cuts).map(({ fields }) => [...fields]);

const nasty = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom('"', '""', ",", "\r\n", "\n", "\r", " x ", 'a"b', "", "\uFEFF", "é💎"),
);
const table = fc
  .array(fc.array(nasty, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 })
  .filter(([[first]]) => !first.startsWith("\uFEFF"));
const cuts = fc.array(fc.nat(500), { maxLength: 8 });
const lineEnd = fc.constantFrom("\n", "\r\n");

describe("CSV", () => {
  it("gives back what was written, wherever it is cut", () => {
    fc.assert(
      fc.property(table, cuts, lineEnd, fc.boolean(), fc.boolean(), (rows, at, end, isOpen, hasMark) => {
        const lines = rows.map((row) => row.map(csvCell).join(",")).join(end);
        const text = (hasMark ? "\uFEFF" : "") + lines + (isOpen ? "" : end);
        expect(fieldsOf(text, at)).toEqual(rows);
      }),
      { numRuns: 500 },
    );
  });

  it("reads any text the same however it is cut, and never hangs or throws but for its bound", () => {
    const soup = fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", " ", "a", "\t"), maxLength: 60 });
    fc.assert(
      fc.property(soup, cuts, (text, at) => {
        expect(readCut(text, at)).toEqual(readCut(text, []));
      }),
      { numRuns: 1000 },
    );
  });

  it("agrees with csv-parse about tables that both take", () => {
    fc.assert(
      fc.property(table, lineEnd, (rows, end) => {
        const text = rows.map((row) => row.map(csvCell).join(",")).join(end);
        const options = { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true };
        expect(fieldsOf(text)).toEqual(parse(text, { ...options, record_delimiter: ["\n", "\r\n"] }));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ["an empty text", "", []],
    ["only a byte order mark", "\uFEFF", []],
    ["empty lines", "\n\r\n a , b \n\n\n", [["a", "b"]]],
    ["a quoted nothing", '""\n', [[""]]],
    ["blanks around quotes", ' "a,b" ,\t"c"\n', [["a,b", "c"]]],
    ["quotes within a plain field", 'a"b"c,d', [['a"b"c', "d"]]],
    ["lines within a field", '"a\r\nb",c\r\n', [["a\r\nb", "c"]]],
    ["a trailing comma", "a,\n", [["a", ""]]],
  ])("%s", (_, text, expected) => {
    expect(fieldsOf(text)).toEqual(expected);
  });

  it("faults one record and goes on with the next", () => {
    const records = readCut('a,b\n"x"y,1\nc,d\n"never', []);
    expect(records.map(({ fault }) => fault)).toEqual([
      undefined,
      "text stands after a closing quote",
      undefined,
      "a quote is never closed",
    ]);
    expect(records[2].fields).toEqual(["c", "d"]);
  });

  it("knows the line that each record starts on, wherever it is cut", () => {
    fc.assert(
      fc.property(table, cuts, lineEnd, (rows, at, end) => {
        const records = rows.map((row) => row.map(csvCell).join(",") + end);
        const lineOf = (count: number) => records.slice(0, count).join("").split("\n").length;
        expect(readCut(records.join(""), at).map(({ line }) => line)).toEqual(
          rows.map((_, row) => lineOf(row)),
        );
      }),
      { numRuns: 300 },
    );
    expect(readCut('\uFEFF\n\n"a\n\nb",1\n\nc,2', [5]).map(({ line }) => line)).toEqual([3, 7]);
  });

  it("refuses a record beyond its bound as soon as it is beyond it", () => {
    for (const text of ["x".repeat(bound + 1), `"${"a\n".repeat(bound)}`, ",".repeat(bound + 1)]) {
      expect(() => readCut(text, [])).toThrow(/longer than the 1000 characters/);
      const reader = new CsvReader(bound);
      expect(() => {
        for (;;) reader.push("xxxxxxxxxx");
      }).toThrow(/longer/);
    }
    expect(fieldsOf("x".repeat(bound))).toEqual([["x".repeat(bound)]]);
  });
});

describe("the separator", () => {
  const read = (text: string, options = {}) => {
    const reader = new CsvReader(bound, options);
    const records = [...reader.push(text), ...reader.end()];
    return { separator: reader.separator, rows: records.map(({ fields }) => fields) };
  };

  it.each([
    [";", 'a;b;"c;d"\n1,5;2;"x;y"\n'],
    ["\t", "a\tb\tc;d\n1,5\t2\tx;y\n"],
    ["|", "a|b|c;d\n1,5|2|x;y\n"],
    [",", 'a,b,c;d\n"1,5",2,x;y\n'],
  ])("%j is recognised by the header", (separator, text) => {
    const found = read(text);
    expect(found.separator).toBe(separator);
    expect(found.rows).toEqual([
      ["a", "b", "c;d"],
      ["1,5", "2", "x;y"],
    ]);
  });

  it("keeps empty cells between tabs", () => {
    expect(read('a\tb\tc\n1\t\t"x"\n').rows[1]).toEqual(["1", "", "x"]);
  });

  it("is told by the number of cells where a text begins in the middle of a table", () => {
    expect(read("1,5;2,5\n", { cells: 2 }).rows).toEqual([["1,5", "2,5"]]);
    expect(read("1,5;2,5\n").rows).toEqual([["1", "5;2", "5"]]);
  });
});
