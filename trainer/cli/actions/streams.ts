import { InputError, quoted } from "#core/api/problem.ts";
import { hint } from "#core/dataset/did-you-mean.ts";
import type { OnlineTask } from "#core/online/learner.ts";
import { type LearnerName, learners } from "#core/online/learners.ts";
import { openStream } from "../../streams/stream-table.ts";
import { encodeStream, type Tried, tryLearner } from "../../streams/try-learners.ts";
import { openTable } from "../../tables/reading/open-table.ts";
import { printResult, tell } from "../output.ts";
import { terminalProgress } from "../progress-bar.ts";
import { type Column, layTable } from "../text-table.ts";
import { readingOfOptions, type TableOptions } from "./init.ts";

interface TryOptions extends TableOptions {
  readonly target: string;
  readonly task?: OnlineTask;
  readonly learner?: readonly string[];
  readonly seed: number;
  readonly json?: boolean;
}

function chooseLearners(asked: readonly string[] | undefined, task: OnlineTask): LearnerName[] {
  const known = (Object.keys(learners) as LearnerName[]).filter((name) =>
    learners[name].tasks.some((one) => one === task),
  );
  if (!asked) return known;
  return [...new Set(asked)].map((name) => {
    const found = known.find((one) => one === name);
    if (found) return found;
    throw new InputError(
      `--learner: expected one of ${known.join(", ")} for ${task}; got ${quoted(name)}${hint(name, known)}`,
    );
  });
}

const figure = (value: number | null) => (value === null ? "" : Number(value.toPrecision(4)).toString());

function layTried(tried: readonly Tried[], task: OnlineTask): string {
  const titles =
    task === "regression" ? ["MAE", "RMSE", "R2", "bias"] : ["accuracy", "F1", "MCC", "ROC AUC", "log loss"];
  const columns: Column[] = [
    { title: "learner", align: "left" },
    ...[...titles, "rows/s", "kB"].map((title) => ({ title, align: "right" as const })),
  ];
  const rows = tried.map(({ learner, metrics, rowsPerSecond, bytes }) => {
    const cells =
      "meanAbsoluteError" in metrics
        ? [metrics.meanAbsoluteError, metrics.rootMeanSquaredError, metrics.r2Score, metrics.bias]
        : [
            metrics.accuracyScore,
            metrics.f1Score,
            metrics.matthewsScore,
            metrics.rocAucScore,
            metrics.logLoss,
          ];
    return [learner, ...cells.map(figure), Math.round(rowsPerSecond).toString(), (bytes / 1024).toFixed(0)];
  });
  return layTable(columns, rows);
}

/** Every learner over the table's rows in their order: predict, score, learn. */
export async function tryStream(source: string, options: TryOptions): Promise<void> {
  const table = await openTable(source, ".", readingOfOptions(options));
  try {
    const stream = await openStream(table, options.target, options.task);
    const names = chooseLearners(options.learner, stream.task);
    for (const { column, reason } of stream.leftOut) tell(`${column.slice(0, 60)}: left out: ${reason}`);
    const rows = await encodeStream(stream);
    const tried = names.map((name) => {
      const task = terminalProgress.task(`${name}: learning`, rows.rows.length);
      try {
        return tryLearner(name, stream.task, rows, options.seed, (done) => task.update(done));
      } finally {
        task.end();
      }
    });
    const document = {
      source: table.source,
      target: options.target,
      task: stream.task,
      seed: options.seed,
      rows: rows.rows.length,
      ...(stream.task === "classes" ? { classes: rows.encoder.classes } : {}),
      columns: stream.columns.map(({ name }) => name),
      leftOut: stream.leftOut,
      learners: tried,
    };
    printResult(options.json, document, () => layTried(tried, stream.task));
  } finally {
    table.close();
  }
}
