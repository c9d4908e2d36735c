// appraise load: registers a dataset with a server and fills it with the cleaned rows.
import { type Command, Option } from "commander";
import { clean } from "../../dataset/clean.ts";
import { loadDataset, onlyDataset } from "../../dataset/find-dataset.ts";
import type { SourceFormat } from "../../dataset/source.ts";
import { loadItems } from "../../publish/load-items.ts";
import { addConnectionOptions, type ConnectionOptions, connect } from "../connection.ts";
import { printResult } from "../output.ts";
import { terminalProgress } from "../progress-bar.ts";
import { openRows, sourceFormats } from "../rows.ts";

interface LoadOptions extends ConnectionOptions {
  readonly dataset?: string;
  readonly source?: string;
  readonly format?: SourceFormat;
  readonly force?: boolean;
  readonly json?: boolean;
}

async function load(options: LoadOptions): Promise<void> {
  const client = connect(options);
  const dataset = loadDataset(options.dataset ?? onlyDataset());
  const { spec } = dataset;
  const cleaned = await clean(spec, await openRows(dataset, options.source, options.format, options));
  await client.registerDataset(spec);
  const held = (await client.findDataset(spec.name))?.rows ?? 0;
  const wanted = cleaned.rows.length;
  const skipped = held === wanted && !options.force;
  const report = skipped
    ? { inserted: 0, updated: 0 }
    : await loadItems(client, spec, cleaned.rows, cleaned.report.read, terminalProgress);
  const document = { dataset: spec.name, rows: wanted, skipped, ...report, cleaning: cleaned.report };
  printResult(options.json, document, () =>
    skipped
      ? `${spec.name}: ${held} rows are there already`
      : `${spec.name}: ${report.inserted} rows inserted, ${report.updated} replaced`,
  );
}

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
      .option("--force", "send the rows even where the server holds as many"),
  )
    .option("--json", "print one JSON document on standard output")
    .action(load);
}
