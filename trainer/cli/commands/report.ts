// appraise report: what a table holds, as one page or as JSON; of a dataset, published beside it.
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { addReadingOptions } from "./init.ts";

const actions = () => import("../actions/report.ts");

export function addReportCommand(program: Command): void {
  addConnectionOptions(
    addReadingOptions(
      program
        .command("report")
        .description("report what a table holds: types, gaps, distributions, relations, outliers, warnings")
        .argument("[source]", "a file, a URL or env:NAME, as for init; the dataset's when left out"),
    ),
  )
    .option("--target <column>", "the column to predict; the dataset's when left out")
    .option("--dataset <name or path>", "name under data/, or path of a dataset.json")
    .option("--output <file>", "where the page is written; report.html when left out")
    .option("--publish", "send the report of the dataset to the server, beside its models")
    .option("--json", "print the report as one JSON document on standard output")
    .action(async (source: string | undefined, options) => (await actions()).report(source, options));
}
