// Reading any table: each kind of pollution and each format gives the same rows, told as it was decided.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { openTable } from "../../../trainer/tables/reading/open-table.ts";
import type { Reading } from "../../../trainer/tables/reading/raw-table.ts";

const folder = mkdtempSync(join(tmpdir(), "appraise-reading-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rows = [
  ["Ana", "1.5", "Köln"],
  ["Bo, Jr.", "2.25", "Ulm"],
  ["Cy", "1000.75", "São"],
  ["Dee", "-3.5", "Ulm"],
];
const header = ["name", "size", "town"];

const write = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return name;
};
const quote = (cell: string, separator: string) => (cell.includes(separator) ? `"${cell}"` : cell);
const lines = (separator = ",", end = "\n") =>
  [header, ...rows].map((cells) => cells.map((cell) => quote(cell, separator)).join(separator)).join(end) +
  end;

async function read(name: string, reading: Reading = {}) {
  const table = await openTable(name, folder, reading);
  try {
    const cells = await table.database.rows(
      `SELECT ${table.columns.map((_, at) => `c${at}`).join(", ")} FROM raw`,
    );
    return { ...table, cells: cells.map((row) => row.map((cell) => String(cell ?? "").trim())) };
  } finally {
    table.close();
  }
}

/** A zip file of deflated texts: local headers and data, then the directory, then its end record. */
function zipOf(entries: Readonly<Record<string, string>>): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(entries)) {
    const [data, file] = [deflateRawSync(text), Buffer.from(name)];
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(crc32(text), 14);
    local.writeUInt32LE(data.length, 18);
    local.writeUInt32LE(Buffer.byteLength(text), 22);
    local.writeUInt16LE(file.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    local.copy(entry, 6, 4, 30);
    entry.writeUInt32LE(at, 42);
    directory.push(entry, file);
    parts.push(local, file, data);
    at += 30 + file.length + data.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(entries).length, 8);
  end.writeUInt16LE(Object.keys(entries).length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, listed, end]);
}

const utf16 = (text: string, isBig: boolean) => {
  const bytes = Buffer.from(`\uFEFF${text}`, "utf16le");
  return isBig ? bytes.swap16() : bytes;
};

describe("delimited text", () => {
  it.each<[string, string | Uint8Array, Reading]>([
    ["commas", lines(), {}],
    ["semicolons", lines(";"), { separator: ";" }],
    ["tabs", lines("\t"), { separator: "\t" }],
    ["bars", lines("|"), { separator: "|" }],
    ["tildes", lines("~"), { separator: "~" }],
    ["carriage returns and line feeds", lines(",", "\r\n"), {}],
    ["lone carriage returns", lines(",", "\r"), {}],
    ["a byte order mark", `\uFEFF${lines()}`, { encoding: "utf-8" }],
    ["UTF-16, little end first", utf16(lines(), false), { encoding: "utf-16le" }],
    ["UTF-16, big end first", utf16(lines(), true), { encoding: "utf-16be" }],
    ["Latin-1", Buffer.from(lines(";"), "latin1"), { encoding: "windows-1252", separator: ";" }],
    [
      "comments and blank lines",
      `# made by hand\n${lines().replace("\nCy", "\n\n# half\nCy")}`,
      { comment: "#" },
    ],
    ["a title above the header", `Sizes of 2024\n\n${lines()}`, { skipLines: 2 }],
    ["no last line end", lines().trimEnd(), {}],
    ["quotes around every cell", lines(";").replaceAll(/[^;\n]+/g, '"$&"'), { separator: ";" }],
    ["single quotes", lines().replaceAll('"', "'"), { quote: "'" }],
  ])("with %s", async (_, content, found) => {
    const table = await read(write("table.csv", content));
    expect(table.columns).toEqual(header);
    expect(table.cells).toEqual(rows);
    expect(table.found).toMatchObject(found);
  });

  it("with a decimal comma, said", async () => {
    const text = "a;b\n1,5;x\n2,25;y\n3,75;z\n";
    expect((await read(write("comma.csv", text))).found).toMatchObject({ separator: ";", decimal: "," });
  });

  it("names columns that have no name or the same one", async () => {
    const table = await read(write("names.csv", "a,,a\n1,2,3\n4,5,6\n"));
    expect(table.columns).toEqual(["a", "column_2", "a_2"]);
    expect(table.remarks).toHaveLength(2);
  });

  it("tells irregular records by line, and leaves them out", async () => {
    const table = await read(write("ragged.csv", "a,b\n1,2\n3\n4,5,6\n7,8\n9,10\n"));
    expect(table.ragged).toMatchObject({ count: 2, first: [{ line: 3 }, { line: 4, cells: 3 }] });
    expect(table.rows).toBe(3);
  });

  it("reads what was settled instead of what it looks like", async () => {
    const text = "a;b\n1,5;x\n2,25;y\n";
    expect((await read(write("settled.csv", text), { separator: "," })).found.separator).toBe(",");
    expect((await read("settled.csv", { header: false })).columns).toEqual(["column_1", "column_2"]);
  });

  it.each<[string, string | Uint8Array, string]>([
    ["nothing", "", "the file is empty"],
    ["NUL bytes", "a,b\n1,\0\n2,3\n", "holds NUL bytes"],
    ["a PDF document", "%PDF-1.4", "expected a table; got a PDF document"],
    ["a web page", "<!doctype html><p>", "a web page"],
    [
      "too many columns",
      `${Array(6000).fill("c").join(",")}\n${Array(6000).fill("1").join(",")}\n`,
      "at most 5000 columns",
    ],
  ])("refuses %s", async (_, content, message) => {
    await expect(read(write("bad.csv", content))).rejects.toThrow(message);
  });
});

describe("other files", () => {
  const objects = rows.map((cells) => Object.fromEntries(cells.map((cell, at) => [header[at], cell])));

  it.each<[string, string, string | Uint8Array]>([
    ["gz", "t.csv.gz", gzipSync(lines())],
    ["zip", "t.zip", zipOf({ "inner.csv": lines() })],
    ["NDJSON", "t.ndjson", objects.map((one) => JSON.stringify(one)).join("\n")],
    ["JSON", "t.json", JSON.stringify(objects)],
  ])("%s", async (_, name, content) => {
    const table = await read(write(name, content));
    expect(table.columns).toEqual(header);
    expect(table.cells).toEqual(rows);
  });

  it("Parquet", async () => {
    const table = await openTable(write("source.csv", lines()), folder);
    await table.database.run(
      `COPY (SELECT c0 AS name, c1::DOUBLE AS size, c2 AS town FROM raw) TO '${join(folder, "t.parquet")}'`,
    );
    table.close();
    const parquet = await read("t.parquet");
    expect(parquet.format).toBe("parquet");
    expect(parquet.columns).toEqual(header);
    expect(parquet.cells).toEqual(rows);
  });

  it("SQLite: a table, a query, and what is missing", async () => {
    const file = new DatabaseSync(join(folder, "t.db"));
    file.exec("create table sizes (name text, size real, town text); create table others (x int)");
    const insert = file.prepare("insert into sizes values (?, ?, ?)");
    for (const [name, size, town] of rows) insert.run(name, Number(size), town);
    file.close();
    expect((await read("t.db", { table: "sizes" })).cells).toEqual(rows);
    expect(
      (await read("t.db", { query: "select town, count(*) as n from sizes group by town order by town" }))
        .cells,
    ).toEqual([
      ["Köln", "1"],
      ["São", "1"],
      ["Ulm", "2"],
    ]);
    await expect(read("t.db")).rejects.toThrow("expected --table or --query; the tables are others, sizes");
    await expect(read("t.db", { table: "size" })).rejects.toThrow('did you mean "sizes"?');
  });

  it("refuses what unpacks without end, folders and what is not there", async () => {
    write("bomb.csv.gz", gzipSync(Buffer.alloc(300 * 1024 * 1024, "0")));
    await expect(read("bomb.csv.gz")).rejects.toThrow("unpacks to more than 200 times its size");
    await expect(read(".")).rejects.toThrow("is a folder");
    await expect(read("none.csv")).rejects.toThrow("none.csv: no such file");
  });

  it("keeps passwords to itself", async () => {
    const url = "postgres://ann:secret@127.0.0.1:1/houses";
    await expect(read(url, { table: "houses" })).rejects.toThrow(
      /^postgres:\/\/127\.0\.0\.1:1\/houses: cannot be read/,
    );
    await expect(read("env:APPRAISE_NO_SUCH_URL")).rejects.toThrow("is not set");
  });
});

/** A workbook as small as the format allows: each sheet a list of rows of cells, texts inline. */
function workbookOf(sheets: Readonly<Record<string, readonly (readonly (string | number)[])[]>>): Uint8Array {
  const names = Object.keys(sheets);
  const cell = (value: string | number, at: string) =>
    typeof value === "number"
      ? `<c r="${at}"><v>${value}</v></c>`
      : `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;
  const sheetXml = (rows: readonly (readonly (string | number)[])[]) =>
    `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows
      .map(
        (cells, r) =>
          `<row r="${r + 1}">${cells.map((value, c) => cell(value, `${String.fromCharCode(65 + c)}${r + 1}`)).join("")}</row>`,
      )
      .join("")}</sheetData></worksheet>`;
  const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const links = "http://schemas.openxmlformats.org/package/2006/relationships";
  return zipOf({
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": `<Relationships xmlns="${links}"><Relationship Id="r0" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${relations}"><sheets>${names
      .map((name, at) => `<sheet name="${name}" sheetId="${at + 1}" r:id="r${at + 1}"/>`)
      .join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${links}">${names
      .map(
        (_, at) =>
          `<Relationship Id="r${at + 1}" Type="${relations}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`,
      )
      .join("")}</Relationships>`,
    ...Object.fromEntries(
      names.map((name, at) => [`xl/worksheets/sheet${at + 1}.xml`, sheetXml(sheets[name])]),
    ),
  });
}

describe("an Excel workbook", () => {
  const sizes = [["Sizes of 2024"], header, ...rows.map(([name, size, town]) => [name, Number(size), town])];

  it("gives a sheet below its title, or a range of its cells", async () => {
    write("t.xlsx", workbookOf({ Notes: [["nothing here"]], Sizes: sizes }));
    const table = await read("t.xlsx", { sheet: "Sizes" });
    expect(table.columns).toEqual(header);
    expect(table.cells).toEqual(rows);
    const part = await read("t.xlsx", { sheet: "Sizes", range: "B2:C4" });
    expect(part.columns).toEqual(["size", "town"]);
    expect(part.cells).toEqual([
      ["1.5", "Köln"],
      ["2.25", "Ulm"],
    ]);
    await expect(read("t.xlsx", { sheet: "Size" })).rejects.toThrow(
      "expected one of the sheets Notes, Sizes",
    );
  });
});
