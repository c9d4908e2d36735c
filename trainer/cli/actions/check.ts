import { quoted } from "#core/api/problem.ts";
import { loadDataset, onlyDataset } from "../../dataset/find-dataset.ts";
import { checkTable, type Finding } from "../../tables/check-table.ts";
import { printResult } from "../output.ts";
import { readingOfOptions, type TableOptions } from "./init.ts";

interface CheckOptions extends TableOptions {
  readonly dataset?: string;
  readonly json?: boolean;
}

function describeFinding({ column, kind, cells, examples, detail }: Finding): string {
  const shown = examples.map((one) => `${quoted(one.text)} (${one.cells})`).join(", ");
  const count = kind.endsWith("column") ? "" : `, ${cells} cells`;
  return `${column.slice(0, 60)}: ${kind}${count}${shown ? `: ${shown}` : ""}; ${detail}`;
}

export async function check(source: string, options: CheckOptions): Promise<void> {
  const { spec } = loadDataset(options.dataset ?? onlyDataset());
  const result = await checkTable(spec, source, readingOfOptions(options));
  printResult(options.json, { dataset: spec.name, ...result }, () =>
    [
      `${result.rows} rows of ${result.columns} columns against ${spec.name}`,
      ...(result.findings.length > 0
        ? result.findings.map(describeFinding)
        : ["everything is as the spec says"]),
    ].join("\n"),
  );
}
