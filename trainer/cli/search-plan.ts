// The search that the options of appraise train ask for; it goes on where it was unless told to begin again.
import { existsSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { InputError } from "#core/api/problem.ts";
import type { Family } from "../families/family.ts";
import type { SearchPlan } from "../search/parameter-search.ts";
import { findCodeVersion } from "./code-version.ts";
import { tell } from "./output.ts";
import { journalFolder, type SearchOptions } from "./search-options.ts";

/** The plan that the options ask for; undefined where they ask for none. Throws InputError where they make no sense together. */
export function readPlan(options: SearchOptions, families: readonly Family[]): SearchPlan | undefined {
  const { trials, timeout, threads, pruner, journal, fresh } = options;
  const names = families.map(({ name }) => name).join(", ");
  if (trials === undefined && timeout === undefined) {
    const lone = Object.entries({ threads, pruner, journal, fresh }).find(([, value]) => value !== undefined);
    if (lone) throw new InputError(`--${lone[0]}: expected --trials or --timeout beside it`);
    return undefined;
  }
  const searched = families.filter(({ space }) => space);
  if (searched.length === 0) throw new InputError(`--trials, --timeout: nothing to search in ${names}`);
  if (journal !== undefined && searched.length > 1) {
    throw new InputError(`--journal: expected one --family beside it; got ${names}`);
  }
  const version = findCodeVersion().replace(/^.*\+/, "");
  return {
    trials,
    timeoutMs: timeout,
    threads: threads ?? availableParallelism(),
    pruner,
    journalOf: (family, identity) => {
      const file = journal ?? join(journalFolder, `${family}-${identity}-${version}.jsonl`);
      if (fresh) rmSync(file, { force: true });
      if (existsSync(file))
        tell(`${family}: going on with the search in ${file}; --fresh would begin it again`);
      return file;
    },
  };
}
