// What cleaning would drop before training, counted in the database by the rules that trainer/dataset/cleaning-rules.ts applies row by row.
import type { DataReport } from "#core/api/data-report.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { targetAsFeature } from "#core/dataset/target.ts";
import { type Database, sqlText } from "../reading/database.ts";
import type { ReadColumn } from "./read-columns.ts";
import { isMeasured } from "./typed-table.ts";

type Feature = DatasetSpec["features"][number] | ReturnType<typeof targetAsFeature>;

interface DropRule {
  readonly rule: string;
  readonly why: string;
  /** Whether a row of raw and typed side by side breaks it. */
  readonly sql: string;
}

const examplesShown = 5;
const any = (conditions: readonly string[]) =>
  conditions.length > 0 ? conditions.map((one) => `(${one})`).join(" OR ") : "false";

interface Placed {
  readonly feature: Feature;
  readonly column: ReadColumn;
  readonly value: string;
}

function isOutside({ feature, column, value }: Placed): string | undefined {
  if (feature.type !== "number" || feature.as || !isMeasured(column)) return undefined;
  const { minimum, maximum, exclusiveMinimum } = feature;
  const low = minimum === undefined ? [] : [`${value} ${exclusiveMinimum ? "<=" : "<"} ${minimum}`];
  const high = maximum === undefined ? [] : [`${value} > ${maximum}`];
  return low.length + high.length > 0 ? any([...low, ...high]) : undefined;
}

function isUnknownLevel({ feature, column, value }: Placed): string | undefined {
  if (feature.type !== "category" || feature.as) return undefined;
  const levels = new Set(feature.levels);
  const strange = column.profile.values.filter(([text]) => !levels.has(text)).map(([text]) => sqlText(text));
  if (column.sampled)
    return `${value} IS NOT NULL AND ${column.text} NOT IN (${feature.levels.map(sqlText).join(", ")})`;
  return strange.length > 0
    ? `${value} IS NOT NULL AND ${column.text} IN (${strange.join(", ")})`
    : undefined;
}

function rulesOf(spec: DatasetSpec, placed: readonly Placed[]): DropRule[] {
  const required = placed.slice(0, -1).filter(({ feature }) => feature.required);
  const some = (list: readonly Placed[]) =>
    list
      .slice(0, 3)
      .map(({ column }) => column.profile.column.slice(0, 60))
      .join(", ");
  const outside = placed.filter((one) => isOutside(one));
  const strange = placed.filter((one) => isUnknownLevel(one));
  const target = placed[placed.length - 1];
  const all: DropRule[] = [
    { rule: "missing-target", why: `${spec.target.name} is missing`, sql: `${target.value} IS NULL` },
    {
      rule: "missing-required",
      why: `a required column is missing: ${some(required)}`,
      sql: any(required.map(({ value }) => `${value} IS NULL`)),
    },
    {
      rule: "invalid-level",
      why: strange.length > 0 ? `a level that the spec does not have: ${some(strange)}` : "no unknown level",
      sql: any(strange.map((one) => isUnknownLevel(one) as string)),
    },
    {
      rule: "out-of-range",
      why: outside.length > 0 ? `outside of the bounds of ${some(outside)}` : "nothing outside of its bounds",
      sql: any(outside.map((one) => isOutside(one) as string)),
    },
  ];
  return spec.clean.flatMap((name) => all.filter(({ rule }) => rule === name));
}

/** Rows that each of the spec's rules would drop, in its order; a row counts for the first that it breaks. */
export async function countDropped(
  database: Database,
  columns: readonly ReadColumn[],
  spec: DatasetSpec,
): Promise<NonNullable<DataReport["cleaning"]>> {
  const placed = [...spec.features, targetAsFeature(spec)].flatMap((feature): Placed[] => {
    const column = columns.find(({ profile }) => profile.column === (feature.column ?? feature.name));
    return column ? [{ feature, column, value: `v${column.profile.at}` }] : [];
  });
  const rules = rulesOf(spec, placed);
  const broken = rules.map(({ sql }, place) => `WHEN ${sql} THEN ${place}`).join(" ");
  const print = `hash(${placed.map(({ value }) => value).join(", ")})`;
  await database.run(
    `CREATE TABLE judged AS SELECT r.rowid AS place, ${broken ? `CASE ${broken} END` : "NULL::INTEGER"} AS broken, ${print} AS print
     FROM typed AS t JOIN raw AS r ON t.rowid = r.rowid`,
  );
  const dropped: NonNullable<DataReport["cleaning"]>["dropped"] = [];
  for (const [place, { rule, why }] of rules.entries()) {
    const rows = await database.rows(
      `SELECT place + 1, count(*) OVER () FROM judged WHERE broken = ${place} ORDER BY place LIMIT ${examplesShown}`,
    );
    dropped.push({ rule, why, rows: Number(rows[0]?.[1] ?? 0), examples: rows.map(([row]) => Number(row)) });
  }
  const [total, left, different] = (
    await database.first(
      "SELECT count(*), count(*) FILTER (broken IS NULL), count(DISTINCT print) FILTER (broken IS NULL) FROM judged",
    )
  ).map(Number);
  if (!spec.clean.includes("duplicate")) return { kept: total - (total - left), dropped };
  const again = await database.rows(
    `SELECT place + 1 FROM judged WHERE broken IS NULL AND print IN (SELECT print FROM judged WHERE broken IS NULL GROUP BY print HAVING count(*) > 1)
     QUALIFY row_number() OVER (PARTITION BY print ORDER BY place) > 1 ORDER BY place LIMIT ${examplesShown}`,
  );
  dropped.push({
    rule: "duplicate",
    why: "the same features and target as an earlier row",
    rows: left - different,
    examples: again.map(([row]) => Number(row)),
  });
  return { kept: different, dropped };
}
