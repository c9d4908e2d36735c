// How long and how wide appraise train searches, as options; a search goes on where it was unless told to begin again.
import { existsSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { InputError } from "#core/api/problem.ts";
import type { Params } from "#core/bundle/manifest.ts";
import type { Family } from "../families/family.ts";
import type { SearchPlan } from "../search/parameter-search.ts";
import { type PrunerName, pruners } from "../search/pruning.ts";
import { findCodeVersion } from "./code-version.ts";
import { parseDuration, parseThreads, parseTrials } from "./numbers.ts";
import { tell } from "./output.ts";

export interface SearchOptions {
  readonly trials?: number;
  readonly timeout?: number;
  readonly threads?: number;
  readonly pruner?: PrunerName;
  readonly journal?: string;
  readonly fresh?: boolean;
}

/** Beside where the command is run: running it there again finds its journal. */
const journalFolder = join(".cache", "search");

/** Reads name=value; true, false, null and numbers as what they are, the rest as text. */
export function collectParam(text: string, before: Params): Params {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined) throw new InputError(`--param: expected name=value; got ${JSON.stringify(text)}`);
  const literal = /^(true|false|null|-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?)$/i.test(value);
  const words: Params = { true: true, false: false, null: null };
  const parsed = Object.hasOwn(words, value) ? words[value] : literal ? Number(value) : value;
  return { ...before, [name]: parsed };
}

export function addSearchOptions(command: Command): Command {
  return command
    .option(
      "--param <name=value>",
      "fix a parameter of the one --family; may be repeated",
      collectParam,
      {} as Params,
    )
    .option(
      "--trials <n>",
      "search parameters: so many trials a family, its own candidates among them",
      parseTrials,
    )
    .option(
      "--timeout <time>",
      "search parameters: start no trial later, as 90, 90s, 10m, 2h; for all families together",
      parseDuration,
    )
    .option("--threads <n>", "trials at once; one a processor when left out", parseThreads)
    .addOption(
      new Option(
        "--pruner <name>",
        "how trials that fall behind after a fold are given up; racing when left out",
      ).choices(Object.keys(pruners)),
    )
    .option(
      "--journal <file>",
      `where the search of the one --family is recorded; a file in ${journalFolder} named after it when left out`,
    )
    .option("--fresh", "begin the search again instead of going on where the journal ends");
}

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
