// What CSV in the wild looks like, and what is said where it cannot be read.
import { describe, expect, it } from "vitest";
import { InputError } from "#core/api/problem.ts";
import { maxRecordBytes, readCsv } from "../../../trainer/dataset/csv.ts";
import { bytesOf, collect, houses } from "./fixture.ts";

const read = (text: string, size?: number) => collect(readCsv(houses, bytesOf(text, size), "houses.csv"));
const plain = { row: 1, values: { area: 50, town: "Ulm", age: 3, rent: 700 } };

describe("readCsv accepts", () => {
  it.each([
    ["LF", "area,town,age,rent\n50,Ulm,3,700\n"],
    ["CRLF", "area,town,age,rent\r\n50,Ulm,3,700\r\n"],
    ["a byte order mark", "\uFEFFarea,town,age,rent\n50,Ulm,3,700"],
    ["no line end at the end", "area,town,age,rent\n50,Ulm,3,700"],
    ["quoted cells", '"area","town","age","rent"\n"50","Ulm","3","700"\n'],
    ["blanks around cells", "area, town ,age,rent\n 50 , Ulm,3 ,700\n"],
    ["empty lines", "\narea,town,age,rent\n\n50,Ulm,3,700\n\n"],
    ["columns in another order", "rent,age,town,area\n700,3,Ulm,50\n"],
    ["an index column without a name", ",area,town,age,rent\n0,50,Ulm,3,700\n"],
    ["the ids of an export", "id,area,town,age,rent\nx-1,50,Ulm,3,700\n"],
    ["other spellings of numbers", "area,town,age,rent\n5e1,Ulm,+3,700.00\n"],
  ])("%s", async (_, text) => {
    expect(await read(text)).toEqual([plain]);
    // A piece may end anywhere, even between CR and LF or inside the byte order mark.
    expect(await read(text, 1)).toEqual([plain]);
  });

  it("a comma, a quote and a line break inside quotes, and letters beyond ASCII", async () => {
    const rows = await read('area,town,age,rent\n50,"Bonn, old",3,700\n51,"Kö""\nln",4,800\n', 1);
    expect(rows.map(({ values }) => values.town)).toEqual(["Bonn, old", 'Kö"\nln']);
  });

  it.each(["", "NA", "NaN", "nan", "null", "NULL", "N/A", '""', "  "])(
    "%j as a missing cell",
    async (cell) => {
      const [row] = await read(`area,town,age,rent\n50,Ulm,${cell},700\n`);
      expect(row.values).toEqual({ area: 50, town: "Ulm", rent: 700 });
    },
  );

  it("an unknown level, for cleaning to judge", async () => {
    const [row] = await read("area,town,age,rent\n50,Rome,3,700\n");
    expect(row.values.town).toBe("Rome");
  });
});

describe("readCsv refuses", () => {
  it.each([
    ["a missing column", "area,town,rent\n50,Ulm,700\n", /missing age; expected area, town, age, rent/],
    ["an unknown column", "area,town,age,rent,colour\n", /unknown "colour"/],
    ["a misspelt column", "Area,town,age,rent\n", /missing area; unknown "Area"/],
    ["a repeated column", "area,town,age,rent,area\n", /repeated area/],
    ["no header", "50,Ulm,3,700\n", /missing area, town, age, rent; unknown "50"/],
    ["an empty file", "", /empty; expected a header with area, town, age, rent/],
    [
      "a text where a number belongs",
      "area,town,age,rent\n50,Ulm,old,700\n",
      /line 2 \(row 1\): age: .*"old"/,
    ],
    ["a thousands separator", 'area,town,age,rent\n50,Ulm,3,"1,700"\n', /rent: .*"1,700"/],
    ["infinity", "area,town,age,rent\n50,Ulm,3,Infinity\n", /rent: .*"Infinity"/],
    ["a number too large to hold", "area,town,age,rent\n1e309,Ulm,3,700\n", /area: .*"1e309"/],
    ["hexadecimal", "area,town,age,rent\n0x32,Ulm,3,700\n", /area: .*"0x32"/],
    ["a row that is too short", "area,town,age,rent\n1,Ulm,3,700\n50,Ulm,3\n", /not CSV: .*line 3/],
    ["a row that is too long", "area,town,age,rent\n50,Ulm,3,700,9\n", /not CSV: .*line 2/],
    ["a quote that never ends", 'area,town,age,rent\n50,"Ulm,3,700\n', /not CSV: .*[Qq]uote/],
  ])("%s", async (_, text, message) => {
    const failure = await read(text).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InputError);
    expect((failure as Error).message).toMatch(message);
    expect((failure as Error).message).toMatch(/^houses\.csv: /);
  });

  it("a huge field, without reading all of it", async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode('area,town,age,rent\n50,"');
      const piece = new Uint8Array(16 * 1024).fill(65);
      for (;;) {
        given += piece.length;
        yield piece;
      }
    }
    await expect(collect(readCsv(houses, endless(), "endless"))).rejects.toThrow(
      /endless: not CSV: .*line 2/,
    );
    expect(given).toBeLessThan(maxRecordBytes * 20);
  });
});
