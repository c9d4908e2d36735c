// appraise init: a dataset spec from any table, for review.
import { type Command, Option } from "commander";

const actions = () => import("../actions/init.ts");

const collect = (value: string, before: string[] = []) => [...before, value];

/** How a table is read. */
export function addReadingOptions(command: Command): Command {
  return command
    .option(
      "--date <column=format>",
      'how a column writes dates, as "sold=%d/%m/%Y"; may be repeated',
      collect,
    )
    .option("--separator <character>", "what separates the cells of a CSV")
    .option("--decimal <mark>", "the decimal mark: . or ,")
    .option("--encoding <name>", "utf-8, utf-16le, utf-16be or windows-1252")
    .option("--missing <text>", "a text that stands for nothing; may be repeated", collect)
    .option("--sheet <name>", "sheet of a workbook")
    .option("--range <cells>", "cells of a sheet, as B3:F200")
    .option("--table <name>", "table of a database")
    .option("--query <sql>", "query of a database");
}

/** What init is told of a table and of what is wanted from it; `appraise up` takes the same. */
export function addInitOptions(command: Command): Command {
  return addReadingOptions(command)
    .argument(
      "<source>",
      "a file, a URL (https, postgres, mysql) or env:NAME that holds one; gz and zip are unpacked",
    )
    .requiredOption("--target <column>", "the column to predict")
    .addOption(
      new Option("--task <task>", "what to predict it as; from its values when left out").choices([
        "regression",
        "binary",
        "multiclass",
      ]),
    )
    .option("--name <name>", "name of the dataset; the file's when left out")
    .option("--keep <column>", "keep a column that would be left out; may be repeated", collect)
    .option("--drop <column>", "leave a column out; may be repeated", collect)
    .option("--force", "write over a dataset.json that is there");
}

export function addInitCommand(program: Command): void {
  addInitOptions(
    program
      .command("init")
      .description(
        "write data/<name>/dataset.json for a table: CSV, Excel, Parquet, JSON, SQLite, Postgres, MySQL",
      ),
  )
    .option("--json", "print one JSON document on standard output")
    .action(async (source: string, options) => (await actions()).init(source, options));
}
