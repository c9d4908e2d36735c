// appraise check: what a new file would do against a dataset's spec.
import type { Command } from "commander";

const actions = () => import("../actions/check.ts");

export function addCheckCommand(program: Command): void {
  program
    .command("check")
    .description(
      "compare a table with a spec: missing and new columns, unreadable cells, new levels, values out of range",
    )
    .argument("<source>", "a file, a URL or env:NAME, as for init")
    .option("--dataset <name or path>", "name under data/, or path of a dataset.json")
    .option("--sheet <name>", "sheet of a workbook")
    .option("--range <cells>", "cells of a sheet, as B3:F200")
    .option("--table <name>", "table of a database")
    .option("--query <sql>", "query of a database")
    .option("--json", "print one JSON document on standard output")
    .action(async (source: string, options) => (await actions()).check(source, options));
}
