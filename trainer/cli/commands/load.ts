// appraise load: registers a dataset with a server and fills it with the cleaned rows.
import { type Command, Option } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { sourceFormats } from "../source-formats.ts";

const actions = () => import("../actions/load.ts");

export function addLoadCommand(program: Command): void {
  addConnectionOptions(
    program
      .command("load")
      .description("register a dataset with a server and fill it with the cleaned rows")
      .option("--dataset <name or path>", "name under data/, or path of a dataset.json")
      .option(
        "--source <where>",
        "CSV or NDJSON: a path, URL, npm:<package>/<file> or -; the spec's when left out",
      )
      .addOption(new Option("--format <format>", "format of the source").choices(sourceFormats))
      .option("--force", "send every row, undoing changes made on the server"),
  )
    .option("--json", "print one JSON document on standard output")
    .action(async (options) => (await actions()).load(options));
}
