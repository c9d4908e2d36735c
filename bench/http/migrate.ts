// The tables of D1, made in an empty local database as `wrangler d1 migrations apply` would.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What of a D1 database this needs, whichever package types it. */
interface Database<Statement> {
  prepare(sql: string): Statement;
  batch(statements: Statement[]): Promise<unknown>;
}

const folder = join(import.meta.dirname, "../../migrations");

export async function migrate<Statement>(database: Database<Statement>): Promise<void> {
  const files = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  for (const file of files.sort()) {
    const statements = readFileSync(join(folder, file), "utf8").split("--> statement-breakpoint");
    await database.batch(statements.map((statement) => database.prepare(statement)));
  }
}
