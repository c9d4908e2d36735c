// How long and how wide appraise train searches, as options.
import { join } from "node:path";
import { type Command, Option } from "commander";
import { InputError } from "#core/api/problem.ts";
import type { Params } from "#core/bundle/manifest.ts";
import { type PrunerName, pruners } from "../search/pruning.ts";
import { parseDuration, parseThreads, parseTrials } from "./numbers.ts";

export interface SearchOptions {
  readonly trials?: number;
  readonly timeout?: number;
  readonly threads?: number;
  readonly pruner?: PrunerName;
  readonly journal?: string;
  readonly fresh?: boolean;
}

/** Beside where the command is run: running it there again finds its journal. */
export const journalFolder = join(".cache", "search");

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
