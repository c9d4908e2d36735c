// appraise predict: the price of one row, asked of a server.
import { text as readText } from "node:stream/consumers";
import { InputError } from "#core/api/problem.ts";
import type { PredictAnswer } from "../../client/answers.ts";
import { onlyDataset } from "../../dataset/find-dataset.ts";
import { connect } from "../connection.ts";
import type { ConnectionOptions } from "../connection-options.ts";
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

export async function predict(argument: string, options: PredictOptions): Promise<void> {
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
