// The journal of a search: one JSON line as a trial starts and one as it ends, so that a killed search goes on where it was.
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { InputError } from "#core/api/problem.ts";
import { Trial } from "#core/bundle/manifest.ts";
import { canonicalJson } from "#core/dataset/spec.ts";

/** What makes two searches the same one; a journal of another search is refused. */
export interface StudyIdentity {
  readonly space: unknown;
  readonly seed: number;
  readonly sampler: unknown;
  /** What is evaluated beside the parameters of the space: family, fixed parameters, hash of the rows, folds. */
  readonly subject: unknown;
}

export interface Journal {
  /** The trials recorded so far, by number; those still "running" were cut off. */
  readonly trials: readonly Trial[];
  record(trial: Trial): void;
  close(): void;
}

const format = 1;

/** What was written completely: a process killed in the middle of a line leaves a piece without a line end. */
function completeLines(path: string): string[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, "utf8");
  const end = text.lastIndexOf("\n") + 1;
  if (end < text.length) truncateSync(path, Buffer.byteLength(text.slice(0, end)));
  return text.slice(0, end).split("\n").slice(0, -1);
}

function checkHeader(line: string, identity: StudyIdentity, path: string): void {
  let header: Record<string, unknown> | null = null;
  try {
    header = JSON.parse(line);
  } catch {
    // Told below: whatever it is, it is no journal.
  }
  if (header?.journal !== format) throw new InputError(`${path}: not a search journal of format ${format}`);
  for (const part of ["space", "seed", "sampler", "subject"] as const) {
    if (canonicalJson(header[part] ?? null) === canonicalJson(identity[part] ?? null)) continue;
    throw new InputError(
      `${path}: records another search: its ${part} differs; choose another file, or delete it to start anew`,
    );
  }
}

function readTrial(line: string, row: number, path: string): Trial {
  try {
    return Trial.parse(JSON.parse(line));
  } catch (error) {
    throw new InputError(`${path}: line ${row} is not a trial: ${(error as Error).message.slice(0, 200)}`);
  }
}

/** Opens or starts the journal at `path`. Throws InputError where the file is something else or belongs to another search. */
export function openJournal(path: string, identity: StudyIdentity): Journal {
  mkdirSync(dirname(path), { recursive: true });
  const [header, ...lines] = completeLines(path);
  if (header !== undefined) checkHeader(header, identity, path);
  const trials = new Map<number, Trial>();
  lines.forEach((line, i) => {
    const trial = readTrial(line, i + 2, path);
    trials.set(trial.number, trial);
  });
  const file = openSync(path, "a");
  const write = (value: unknown) => writeSync(file, `${JSON.stringify(value)}\n`);
  if (header === undefined) write({ journal: format, ...identity });
  return {
    trials: [...trials.values()].sort((a, b) => a.number - b.number),
    record: write,
    close: () => closeSync(file),
  };
}
