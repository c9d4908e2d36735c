// Reading a Postgres over its own protocol: a table in a schema, a query, what is missing, and what the server refuses.
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openTable } from "../../../trainer/tables/reading/open-table.ts";
import type { Reading } from "../../../trainer/tables/reading/raw-table.ts";

let server: PGLiteSocketServer;
let database: PGlite;
const variable = "APPRAISE_TEST_POSTGRES";

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

beforeAll(async () => {
  database = await PGlite.create();
  await database.exec(`
    create schema sales;
    create table sales.flats (town text, area double precision, lift boolean, seen date, rent numeric(10, 2));
    insert into sales.flats values ('Ulm', 50.5, true, '2024-02-29', 700.10), ('Bonn', null, false, null, 900);
  `);
  const port = await freePort();
  server = new PGLiteSocketServer({ db: database, port, host: "127.0.0.1" });
  await server.start();
  process.env[variable] = `postgres://postgres:hidden@127.0.0.1:${port}/postgres?sslmode=disable`;
}, 60_000);

afterAll(async () => {
  delete process.env[variable];
  await server?.stop();
  await database?.close();
});

async function read(reading: Reading) {
  const table = await openTable(`env:${variable}`, ".", reading);
  try {
    const cells = await table.database.rows(
      `SELECT ${table.columns.map((_, at) => `c${at}`).join(", ")} FROM raw`,
    );
    return { ...table, cells };
  } finally {
    table.close();
  }
}

it("reads a table of a schema", async () => {
  const { columns, cells, format, found, source } = await read({ table: "sales.flats" });
  expect([format, source, found]).toEqual(["postgres", `env:${variable}`, { table: "sales.flats" }]);
  expect(columns).toEqual(["town", "area", "lift", "seen", "rent"]);
  expect(cells).toEqual([
    ["Ulm", "50.5", "true", "2024-02-29", "700.10"],
    ["Bonn", null, "false", null, "900.00"],
  ]);
});

it("reads a query", async () => {
  const { cells } = await read({ query: "select count(*) as n, sum(rent) as rent from sales.flats" });
  expect(cells).toEqual([["2", "1600.10"]]);
});

it("says what the server refuses, without the password", async () => {
  await expect(read({ table: "sales.houses" })).rejects.toThrow(
    /^(?!.*hidden).*cannot be read: relation "sales.houses" does not exist/,
  );
  await expect(read({})).rejects.toThrow("expected --table or --query");
});
