import { relative } from "node:path";
import { InputError, quoted } from "#core/api/problem.ts";
import { Source } from "#core/dataset/source.ts";
import type { TaskName } from "#core/dataset/spec.ts";
import { wordsIn } from "#core/dataset/words.ts";
import { type InitOutcome, initDataset } from "../../tables/init-dataset.ts";
import type { Reading } from "../../tables/reading/raw-table.ts";
import { printResult } from "../output.ts";
import { layTable } from "../text-table.ts";

export interface TableOptions {
  readonly separator?: string;
  readonly decimal?: string;
  readonly encoding?: string;
  readonly missing?: readonly string[];
  readonly sheet?: string;
  readonly range?: string;
  readonly table?: string;
  readonly query?: string;
}

export interface InitCommandOptions extends TableOptions {
  readonly target: string;
  readonly task?: TaskName;
  readonly name?: string;
  readonly keep?: readonly string[];
  readonly drop?: readonly string[];
  readonly date?: readonly string[];
  readonly force?: boolean;
  readonly json?: boolean;
}

/** What the options settle about reading a table. Throws InputError naming the option. */
export function readingOfOptions(options: TableOptions): Reading {
  const { separator, decimal, encoding, missing, sheet, range, table, query } = options;
  const given = {
    ...(separator === undefined ? {} : { separator: separator === "\\t" ? "\t" : separator }),
    ...{ decimal, encoding, missing, sheet, range, table, query },
  };
  const checked = Source.partial().safeParse(given);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new InputError(
    `--${String(issue.path[0])}: ${issue.message.replace(/^Invalid (input|option): /, "")}`,
  );
}

export function parseDates(dates: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    dates.map((given) => {
      const at = given.lastIndexOf("=");
      if (at < 1 || !given.slice(at).includes("%"))
        throw new InputError(`--date: expected column=format, as "sold=%d/%m/%Y"; got ${quoted(given)}`);
      return [given.slice(0, at), given.slice(at + 1)];
    }),
  );
}

function describeOutcome({ spec, leftOut, remarks, file, report }: InitOutcome): string {
  const rows = spec.features.map((feature) => [
    feature.name,
    wordsIn(feature.title) ?? "",
    feature.as ?? (feature.type === "category" && feature.ordered ? "ordered category" : feature.type),
    feature.required ? "required" : "optional",
    feature.type === "category" && !feature.as
      ? `${feature.levels.length} levels`
      : String(feature.example ?? ""),
  ]);
  const gone = leftOut.map(({ column, reason }) => `left out ${column.slice(0, 60)}: ${reason}`);
  return [
    ...remarks,
    "",
    layTable(
      ["feature", "title", "type", "", "example"].map((title) => ({ title, align: "left" as const })),
      rows,
    ),
    "",
    ...gone,
    `wrote ${relative(process.cwd(), file)} and the data report ${relative(process.cwd(), report)}`,
  ].join("\n");
}

export async function init(source: string, options: InitCommandOptions): Promise<void> {
  const { target, task, name, keep, drop, force } = options;
  const outcome = await initDataset({
    ...{ location: source, target, task, name, keep, drop, force },
    dates: parseDates(options.date),
    reading: readingOfOptions(options),
  });
  const { spec, leftOut, remarks, file, report } = outcome;
  printResult(options.json, { name: outcome.name, file, report, spec, leftOut, remarks }, () =>
    describeOutcome(outcome),
  );
}
