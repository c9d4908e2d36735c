// appraise predict: the price of one row, asked of a server.
import { text as readText } from "node:stream/consumers";
import type { Command } from "commander";
import { InputError } from "#core/api/problem.ts";
import type { PredictAnswer } from "../../client/answers.ts";
import { onlyDataset } from "../../dataset/find-dataset.ts";
import { addConnectionOptions, type ConnectionOptions, connect } from "../connection.ts";
import { layExplanation } from "../explanation-table.ts";
import { formatAmount } from "../money.ts";
import { bold, printResult, tell } from "../output.ts";

interface PredictOptions extends ConnectionOptions {
  readonly dataset?: string;
  readonly model?: string;
  readonly coverage?: string;
  readonly explain?: boolean;
  readonly json?: boolean;
}

function parseRow(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`row: not JSON: ${(error as Error).message}; expected for example '{"name": 1.5}'`);
  }
}

function describe({ prediction, unit, interval, model, explanation }: PredictAnswer): string {
  const price = bold(formatAmount(prediction, unit));
  const band = interval
    ? ` (${Math.round(interval.coverage * 100)} %: ${formatAmount(interval.low, unit)} to ${formatAmount(interval.high, unit)})`
    : "";
  const line = `${price}${band} by ${model.id}`;
  return explanation ? [line, layExplanation(explanation, unit), explanation.sentence].join("\n\n") : line;
}

async function predict(argument: string, options: PredictOptions): Promise<void> {
  const row = parseRow(argument === "-" ? await readText(process.stdin) : argument);
  const query = Object.fromEntries(
    Object.entries({
      model: options.model,
      coverage: options.coverage,
      explain: options.explain && "true",
    }).filter(([, value]) => value),
  ) as Record<string, string>;
  const answer = await connect(options).predict(options.dataset ?? onlyDataset(), row, query);
  for (const { pointer, detail } of answer.warnings)
    tell(`warning: ${[pointer.replace(/^\//, ""), detail].filter(Boolean).join(": ")}`);
  printResult(options.json, answer, () => describe(answer));
}

export function addPredictCommand(program: Command): void {
  addConnectionOptions(
    program
      .command("predict")
      .description("price one row")
      .argument("<row>", "the row as a JSON object, or - for standard input")
      .option("--dataset <name>", "name of the dataset; may be left out where data/ holds only one")
      .option("--model <id or alias>", "which model prices; the champion when left out")
      .option("--coverage <share>", "how often the interval should hold the true value, as 0.8"),
  )
    .option("--explain", "show what each feature does to the price")
    .option("--json", "print one JSON document on standard output")
    .action(predict);
}
