// The tables that drizzle believes in against the tables that the migrations make.
import { is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { beforeAll, expect, it } from "vitest";
import * as schema from "../../../worker/storage/schema.ts";
import { env, resetStorage } from "../service.ts";

beforeAll(resetStorage);

const tables = Object.values(schema).filter((value) => is(value, SQLiteTable)) as SQLiteTable[];

it("has every table, and no other", async () => {
  const { results } = await env.DB.prepare(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name not like '\\_cf%' escape '\\' and name <> 'd1_migrations'",
  ).all<{ name: string }>();
  expect(results.map(({ name }) => name).sort()).toEqual(
    tables.map((table) => getTableConfig(table).name).sort(),
  );
});

it.each(tables.map((table) => [getTableConfig(table).name, getTableConfig(table)] as const))(
  "%s",
  async (name, config) => {
    const columns = await env.DB.prepare(
      'select name, lower(type) as type, "notnull" as required, pk from pragma_table_info(?1)',
    )
      .bind(name)
      .all<{ name: string; type: string; required: number; pk: number }>();
    const keys = config.primaryKeys.flatMap((key) => key.columns.map((column) => column.name));
    expect(columns.results).toEqual(
      config.columns.map((column) => ({
        name: column.name,
        type: column.getSQLType(),
        required: column.notNull ? 1 : 0,
        pk: column.primary ? 1 : keys.indexOf(column.name) + 1,
      })),
    );
    const indexes = await env.DB.prepare(
      "select name, partial from pragma_index_list(?1) where origin = 'c' order by name",
    )
      .bind(name)
      .all<{ name: string; partial: number }>();
    const declared = config.indexes.map(({ config: index }) => ({
      name: index.name,
      partial: index.where ? 1 : 0,
    }));
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(indexes.results.sort(byName)).toEqual(declared.sort(byName));
    for (const { config: index } of config.indexes) {
      const on = await env.DB.prepare("select name from pragma_index_info(?1)")
        .bind(index.name)
        .all<{ name: string }>();
      expect(on.results.map((column) => column.name)).toEqual(
        index.columns.map((column) => (column as { name: string }).name),
      );
    }
  },
);
