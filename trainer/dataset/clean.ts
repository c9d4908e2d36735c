// Cleaning: rows that break a named rule are dropped and counted, the others pass unchanged.

import { InputError } from "#core/api/problem.ts";
import type { CleaningReport } from "#core/bundle/manifest.ts";
import type { Row } from "#core/dataset/row.ts";
import { cleaningRuleNames, type DatasetSpec } from "#core/dataset/spec.ts";
import { taskOf } from "#core/tasks/index.ts";
import { type CleaningRuleName, cleaningRules } from "./cleaning-rules.ts";
import type { RawRow } from "./raw-row.ts";

/** A row that may be trained on. */
export interface CleanRow {
  /** 1-based number among the source's records. */
  readonly row: number;
  readonly features: Row;
  /** An amount, or the place of a class among the target's levels. */
  readonly target: number;
}

export interface Cleaned {
  readonly rows: readonly CleanRow[];
  readonly report: CleaningReport;
}

const examplesShown = 5;

/**
 * Applies the spec's rules in the order it lists them; a row counts for the first rule that it breaks. A row that breaks a
 * rule which the spec does not list (duplicates excepted) is refused with InputError: it may be neither trained on nor dropped unsaid.
 */
export async function clean(
  spec: DatasetSpec,
  rows: AsyncIterable<RawRow> | Iterable<RawRow>,
): Promise<Cleaned> {
  const listed = spec.clean.map((rule) => ({ rule, check: cleaningRules[rule](spec) }));
  const unlisted = cleaningRuleNames
    .filter((rule): rule is CleaningRuleName => rule !== "duplicate" && !spec.clean.includes(rule))
    .map((rule) => ({ rule, check: cleaningRules[rule](spec) }));
  const dropped = listed.map(({ rule }) => ({
    rule,
    count: 0,
    examples: [] as { row: number; detail: string }[],
  }));
  const task = taskOf(spec);
  const kept: CleanRow[] = [];
  let read = 0;
  for await (const raw of rows) {
    read++;
    const broken = listed.findIndex(({ check }, index) => {
      const detail = check(raw);
      if (detail === undefined) return false;
      dropped[index].count++;
      if (dropped[index].examples.length < examplesShown)
        dropped[index].examples.push({ row: raw.row, detail });
      return true;
    });
    if (broken >= 0) continue;
    for (const { rule, check } of unlisted) {
      const detail = check(raw);
      if (detail)
        throw new InputError(`row ${raw.row}: ${detail}; list "${rule}" under "clean" to drop such rows`);
    }
    const { [spec.target.name]: target, ...features } = raw.values;
    kept.push({ row: raw.row, features, target: task.encode(spec, target as number | string) });
  }
  return { rows: kept, report: { read, kept: kept.length, dropped } };
}
