// appraise streams: models that learn row by row.
import { type Command, Option } from "commander";
import { InputError } from "#core/api/problem.ts";

const actions = () => import("../actions/streams.ts");

function parseSeed(text: string): number {
  if (!/^\d{1,9}$/.test(text))
    throw new InputError(`--seed: expected a whole number from 0 to 999999999; got ${text.slice(0, 100)}`);
  return Number(text);
}

export function addStreamsCommand(program: Command): void {
  const streams = program.command("streams").description("models that learn row by row");
  streams
    .command("try")
    .description(
      "predict each row of a table, then learn it, in the table's order: a line a learner with its metrics",
    )
    .argument("<source>", "a file, a URL or env:NAME, as for init")
    .requiredOption("--target <column>", "the column to predict")
    .addOption(
      new Option("--task <task>", "numbers or classes; told by the column when left out").choices([
        "regression",
        "classes",
      ]),
    )
    .option("--learner <name...>", "only these learners")
    .option("--seed <n>", "what the random learners draw from", parseSeed, 1)
    .option("--sheet <name>", "sheet of a workbook")
    .option("--range <cells>", "cells of a sheet, as B3:F200")
    .option("--table <name>", "table of a database")
    .option("--query <sql>", "query of a database")
    .option("--json", "print one JSON document on standard output")
    .action(async (source: string, options) => (await actions()).tryStream(source, options));
}
