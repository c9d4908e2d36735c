// Which dialect is found in texts as they occur, and in which encoding and style their cells are.
import { describe, expect, it } from "vitest";
import { findDialect } from "#core/dataset/dialect.ts";
import { findEncoding } from "#core/dataset/encoding.ts";
import { currencyOf, findNumberStyle, readNumberText } from "#core/dataset/number-text.ts";

describe("findDialect", () => {
  it.each([
    ["commas", "a,b\n1,2\n3,4\n", { separator: ",", header: true, columns: ["a", "b"], bodyLine: 2 }],
    ["semicolons beside decimal commas", "kind;area\nx;88,5\ny;60,4\n", { separator: ";", decimal: "," }],
    ["tabs", "a\tb\n1\t2\n", { separator: "\t" }],
    ["pipes around times", "at|v\n2020-01-01 10:00:00|1\n2020-01-02 11:30:00|2\n", { separator: "|" }],
    ["single quotes", "a,b\n'x,y',2\n'z',4\n", { quote: "'", columns: ["a", "b"] }],
    [
      "cells over several lines",
      'name,note\nx,"one, two"\ny,"three\nfour"\nz,five\n',
      { separator: ",", quote: '"', columns: ["name", "note"] },
    ],
    [
      "a title above the table",
      "Prices of May\n\nname;price\nx;1.234,50 €\ny;2.000,00 €\n",
      { separator: ";", decimal: ",", skipLines: 2, columns: ["name", "price"], bodyLine: 4 },
    ],
    ["remarks", "# by hand\n# twice\na,b\n1,2\n", { comment: "#", columns: ["a", "b"], bodyLine: 4 }],
    ["a marked header", "#a,b\n1,2\n3,4\n", { columns: ["#a", "b"], header: true }],
    [
      "no header",
      "1,2,3\n4,5,6\n",
      { header: false, columns: ["column_1", "column_2", "column_3"], bodyLine: 1 },
    ],
    [
      "years as names",
      "town,2019,2020\nUlm,3,4\nBonn,5,6\n",
      { header: true, columns: ["town", "2019", "2020"] },
    ],
    ["one column", "only\n1\n2\n", { header: true, columns: ["only"] }],
    ["CR alone as line ends", "a;b\r1;2\r3;4\r", { separator: ";", columns: ["a", "b"] }],
    ["a header alone", "a,b\n", { columns: ["a", "b"], header: true }],
  ])("finds %s", (_, text, expected) => {
    expect(findDialect(text, false)).toMatchObject(expected);
  });

  it("keeps what is settled and finds the rest", () => {
    expect(findDialect("1;2\n3;4\n", false, { header: true, decimal: "," })).toMatchObject({
      separator: ";",
      header: true,
      decimal: ",",
      columns: ["1", "2"],
    });
  });

  it("does not judge a record that the sample cuts", () => {
    expect(findDialect("a,b\n1,2\n3", true)).toMatchObject({ separator: ",", columns: ["a", "b"] });
  });

  it("finds nothing in nothing", () => {
    expect(findDialect("\n\n", false)).toBeUndefined();
  });
});

describe("findEncoding", () => {
  const utf8 = new TextEncoder();
  const utf16 = (text: string, little: boolean) =>
    Uint8Array.from(text, (c) => c.charCodeAt(0)).reduce(
      (bytes, code, at) => bytes.fill(code, 2 * at + (little ? 0 : 1), 2 * at + (little ? 1 : 2)),
      new Uint8Array(2 * text.length),
    );
  it.each([
    ["UTF-8", utf8.encode("a,ñ\n"), "utf-8", 0],
    ["UTF-8 with a mark", utf8.encode("\uFEFFa\n"), "utf-8", 3],
    ["UTF-8 cut inside a letter", utf8.encode("a,ñ").subarray(0, 3), "utf-8", 0],
    ["UTF-16 with a mark", Uint8Array.of(0xff, 0xfe, 0x61, 0), "utf-16le", 2],
    ["UTF-16 without one", utf16("name,price\n", true), "utf-16le", 0],
    ["big-endian UTF-16", utf16("name,price\n", false), "utf-16be", 0],
    ["Latin-1", Uint8Array.of(0xd1, 0x75, 0xf1, 0x6f, 0x61), "windows-1252", 0],
  ])("knows %s", (_, bytes, encoding, markBytes) => {
    expect(findEncoding(bytes, false)).toEqual({ encoding, markBytes });
  });

  it("takes bytes with a zero among them for no text", () => {
    expect(findEncoding(Uint8Array.of(0x61, 0, 0x62, 0x63, 0x64, 0x65), true)).toBeUndefined();
  });
});

describe("numbers as they are written", () => {
  it.each([
    [["1.234,50 €", "2.000,00 €"], { decimal: ",", thousands: "." }, 1234.5, "€"],
    [["$1,234.50", "$7"], { decimal: ".", thousands: "," }, 1234.5, "$"],
    [["12,500", "3,400"], { decimal: ".", thousands: "," }, 12500, undefined],
    [["88,5", "3"], { decimal: "," }, 88.5, undefined],
    [["1 234,5", "77"], { decimal: ",", thousands: " " }, 1234.5, undefined],
    [["1'234.5", "77"], { decimal: ".", thousands: "'" }, 1234.5, undefined],
    [["12 %", "3.5 %"], { decimal: "." }, 12, "%"],
    [["(1,234.5)", "2"], { decimal: ".", thousands: "," }, -1234.5, undefined],
    [["-3.5e-2", "+1"], { decimal: "." }, -0.035, undefined],
    [["120 m²", "80 m²"], { decimal: "." }, 120, "m²"],
    [["EUR 1.000", "EUR 2.000.000"], { decimal: ",", thousands: "." }, 1000, "EUR"],
  ] as const)("reads %j", (cells, style, value, unit) => {
    const found = findNumberStyle(cells);
    expect(found).toEqual({ style, matches: cells.length });
    expect(readNumberText(cells[0], found!.style)).toEqual({ value, unit });
  });

  it("follows the file where a point alone may be either", () => {
    expect(findNumberStyle(["12.500", "3.400"])?.style).toEqual({ decimal: "." });
    expect(findNumberStyle(["12.500", "3.400"], ",")?.style).toEqual({ decimal: ",", thousands: "." });
  });

  it.each(["z95838", "1/2", "12-5", "1.2.3", "", "1e999", "5 apples"])("takes %j for no number", (text) => {
    expect(readNumberText(text, { decimal: "." })).toBeUndefined();
  });

  it("knows money", () => {
    expect(["€", "R$", "CLP", "km"].map(currencyOf)).toEqual(["EUR", "BRL", "CLP", undefined]);
  });
});
