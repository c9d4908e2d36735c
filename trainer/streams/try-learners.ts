// Predict, score, learn: every learner over the same rows in their order, as it would go on a live stream.
import { InputError } from "#core/api/problem.ts";
import type { OnlineRow } from "#core/online/learner.ts";
import { type LearnerName, learners } from "#core/online/learners.ts";
import { RowEncoder } from "#core/online/row-encoder.ts";
import { encodeSaved } from "#core/online/saved.ts";
import {
  ClassScores,
  type NumberMetrics,
  NumberScores,
  type StreamClassMetrics,
} from "#core/online/scores.ts";
import type { StreamTable } from "./stream-table.ts";

export interface Tried {
  readonly learner: LearnerName;
  readonly title: string;
  readonly rows: number;
  /** Of all rows, each predicted before it was learnt. */
  readonly metrics: NumberMetrics | StreamClassMetrics;
  readonly rowsPerSecond: number;
  /** What the learner keeps at the end, as saved. */
  readonly bytes: number;
}

interface Rows {
  readonly rows: readonly OnlineRow[];
  readonly answers: Float64Array;
  readonly encoder: RowEncoder;
}

/** Rows and answers as numbers; more rows than this would not fit into memory beside the learners. */
const mostRows = 5_000_000;

export async function encodeStream(stream: StreamTable): Promise<Rows> {
  const encoder = new RowEncoder(stream.columns);
  const rows: OnlineRow[] = [];
  const answers: number[] = [];
  for await (const { cells, answer } of stream.rows()) {
    if (rows.length >= mostRows) throw new InputError(`expected at most ${mostRows} rows`);
    rows.push(encoder.encode(cells));
    answers.push(stream.task === "classes" ? encoder.classCode(String(answer)) : Number(answer));
  }
  if (rows.length === 0) throw new InputError("expected a row with an answer; there is none");
  return { rows, answers: Float64Array.from(answers), encoder };
}

/** One learner over all rows; `progress` gets the rows done. */
export function tryLearner(
  name: LearnerName,
  task: StreamTable["task"],
  { rows, answers, encoder }: Rows,
  seed: number,
  progress: (done: number) => void,
): Tried {
  const { title, create } = learners[name];
  const learner = create(task, encoder.shape, seed);
  const numbers = new NumberScores();
  const classes = new ClassScores();
  const started = performance.now();
  for (let at = 0; at < rows.length; at++) {
    const predicted = learner.predictOne(rows[at]);
    if (task === "regression") numbers.add(answers[at], predicted[0]);
    else classes.add(answers[at], predicted);
    learner.learnOne(rows[at], answers[at]);
    if (at % 256 === 255) progress(at + 1);
  }
  const seconds = (performance.now() - started) / 1000;
  return {
    learner: name,
    title,
    rows: rows.length,
    metrics: task === "regression" ? numbers.read() : classes.read(),
    rowsPerSecond: rows.length / seconds,
    bytes: encodeSaved(learner.save()).length,
  };
}
