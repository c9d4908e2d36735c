import type { DataReport } from "#core/api/data-report.ts";
import { InputError } from "#core/api/problem.ts";
import { publishReport } from "../../client/data-report.ts";
import { type Dataset, loadDataset, onlyDataset } from "../../dataset/find-dataset.ts";
import { type MadeReport, makeReport, writePage } from "../../tables/report/write-report.ts";
import { connect } from "../connection.ts";
import type { ConnectionOptions } from "../connection-options.ts";
import { printResult, tell } from "../output.ts";
import { parseDates, readingOfOptions, type TableOptions } from "./init.ts";

interface ReportCommandOptions extends TableOptions, ConnectionOptions {
  readonly target?: string;
  readonly dataset?: string;
  readonly date?: readonly string[];
  readonly output?: string;
  readonly publish?: boolean;
  readonly json?: boolean;
}

/** Of a file as it is, or of a dataset's own source with what its spec has settled. */
function measure(
  source: string | undefined,
  dataset: Dataset | undefined,
  options: ReportCommandOptions,
): Promise<MadeReport> {
  const { target, date } = options;
  const reading = readingOfOptions(options);
  if (!dataset) return makeReport(source as string, ".", reading, { target, dates: parseDates(date) });
  const { spec, directory } = dataset;
  const kept = Object.entries(spec.source.columns ?? {}).flatMap(([column, own]) =>
    own.date === undefined ? [] : [[column, own.date] as const],
  );
  const dates = { ...Object.fromEntries(kept), ...parseDates(date) };
  // Another file of the dataset may be written otherwise.
  return source === undefined
    ? makeReport(spec.source.path, directory, { ...spec.source, ...reading }, { target, dates, spec })
    : makeReport(source, ".", { missing: spec.source.missing, ...reading }, { target, dates, spec });
}

function describe({ rows, columns, warnings, source }: DataReport, wrote: readonly string[]): string {
  const gone = columns.filter(({ role }) => role === "left out").length;
  return [
    `${source}: ${rows} rows, ${columns.length} columns, ${gone} left out, ${warnings.length} warnings`,
    ...warnings
      .slice(0, 10)
      .map(({ kind, column, detail }) => `  ${kind}: ${column ? `${column}: ` : ""}${detail}`),
    ...wrote,
  ].join("\n");
}

export async function report(source: string | undefined, options: ReportCommandOptions): Promise<void> {
  const { publish, json } = options;
  const usesDataset = source === undefined || publish || options.dataset !== undefined;
  if (publish && options.target !== undefined)
    throw new InputError("--target: a published report is of the dataset's own target; leave it out");
  const dataset = usesDataset ? loadDataset(options.dataset ?? onlyDataset()) : undefined;
  const client = publish ? connect(options) : undefined;
  const made = await measure(source, dataset, options);
  const wrote: string[] = [];
  const output = options.output ?? (publish || json ? undefined : "report.html");
  if (output !== undefined) {
    writePage(output, made.page);
    wrote.push(`wrote ${output}`);
  }
  if (client && dataset) {
    await publishReport(client.server, dataset.spec.name, made);
    wrote.push(`published at ${client.server.url}/v1/${dataset.spec.name}/report`);
  }
  if (json) for (const line of wrote) tell(line);
  printResult(json, made.report, () => describe(made.report, wrote));
}
