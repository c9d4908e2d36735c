// appraise items: the rows that a server holds, listed, looked at, imported from a file and exported to one.
import { type Command, Option } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { parseCount } from "../numbers.ts";
import { sourceFormats } from "../source-formats.ts";

const actions = () => import("../actions/items.ts");

function addDatasetOptions(command: Command): Command {
  return addConnectionOptions(
    command.option("--dataset <name>", "name of the dataset; may be left out where data/ holds only one"),
  );
}

const jsonOption = () => new Option("--json", "print one JSON document on standard output");
const formatOption = (what: string) => new Option("--format <format>", what).choices(sourceFormats);

function filterOption(): Option {
  return new Option("--filter <condition>", "<name>:<eq|ne|lt|lte|gt|gte>:<value>; may be repeated")
    .argParser((one: string, before: readonly string[]) => [...before, one])
    .default([], "none");
}

export function addItemsCommand(program: Command): void {
  const items = program
    .command("items")
    .description("look at the rows that a server holds, import and export them");
  addDatasetOptions(items.command("list").description("items by their values"))
    .addOption(filterOption())
    .option("--sort <name>", "id, updatedAt, the target or a feature; - before it for descending", "id")
    .option("--limit <n>", "how many at most", parseCount, 20)
    .addOption(jsonOption())
    .action(async (options) => (await actions()).list(options));
  addDatasetOptions(items.command("show").description("one item, or everything that was changed about it"))
    .argument("<id>", "the item")
    .option("--history", "its changes, newest first; also of a deleted one")
    .addOption(jsonOption())
    .action(async (id, options) => (await actions()).show(id, options));
  addDatasetOptions(items.command("import").description("insert or replace items by id"))
    .argument("<file>", "CSV or NDJSON as export writes it, or - for standard input")
    .addOption(formatOption("format of the file; what its name ends in when left out"))
    .addOption(
      new Option("--mode <mode>", "what a bad record does: only itself is rejected, or nothing is imported")
        .choices(["partial", "all-or-nothing"])
        .default("partial"),
    )
    .option("--key <text>", "Idempotency-Key: sent again under the same key, the file is imported once")
    .addOption(jsonOption())
    .action(async (path, options) => (await actions()).importFile(path, options));
  addDatasetOptions(items.command("export").description("write all items, or those that pass the filters"))
    .addOption(filterOption())
    .addOption(formatOption("CSV or NDJSON; what the name of --out ends in, or ndjson, when left out"))
    .option("--out <file>", "where to; standard output when left out")
    .action(async (options) => (await actions()).exportFile(options));
}
