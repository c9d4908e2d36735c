// What a target column is: an amount, or classes; and the targets of a sample of rows, for judging the other columns.
import { InputError, quoted } from "#core/api/problem.ts";
import { mostClasses } from "#core/dataset/class-target.ts";
import { findBoolean } from "#core/dataset/feature-value.ts";
import type { TaskName } from "#core/dataset/spec.ts";
import { fewestRowsOfClass } from "../../dataset/class-counts.ts";
import type { Value } from "../reading/cell-readers.ts";
import type { ColumnProfile } from "./column-profile.ts";
import type { ColumnType } from "./column-type.ts";

export interface Amount {
  readonly task: "regression";
  readonly type: ColumnType & { readonly type: "number" };
}

export interface Classes {
  readonly task: "binary" | "multiclass";
  readonly type: ColumnType;
  readonly levels: readonly string[];
  readonly positive?: string;
  /** Too rare to be learnt: their rows are dropped. */
  readonly rare: readonly (readonly [text: string, rows: number])[];
}

export type Goal = Amount | Classes;

function describeValues({ values, distinct }: ColumnProfile, type: ColumnType): string {
  const shown = values.slice(0, 3).map(([text]) => quoted(text));
  return `${type.type === "none" ? "text" : `a ${type.type}`} with ${distinct} different values, as ${shown.join(", ")}`;
}

/** The texts that are classes, those of numbers by size; marks that stand for nothing are none. */
function textsOf({ values }: ColumnProfile, type: ColumnType): string[] {
  const marks = new Set(type.type === "none" ? [] : type.marks);
  const texts = values.flatMap(([text]) => (marks.has(text) ? [] : [text]));
  if (type.type === "category") return type.levels.filter((level) => texts.includes(level));
  const isNumbers = texts.every((text) => Number.isFinite(Number(text)));
  return texts.sort((a, b) => (isNumbers ? Number(a) - Number(b) : a < b ? -1 : 1));
}

function findClasses(profile: ColumnProfile, type: ColumnType, wanted: TaskName | undefined): Classes {
  const name = `target ${quoted(profile.column)}`;
  const texts = textsOf(profile, type);
  if (texts.length > mostClasses || profile.distinct > profile.values.length)
    throw new InputError(
      `${name}: ${profile.distinct} different values; a target of classes may have at most ${mostClasses}`,
    );
  const counts = new Map(profile.values);
  const levels = texts.filter((text) => (counts.get(text) ?? 0) >= fewestRowsOfClass);
  const rare = texts.flatMap((text) =>
    levels.includes(text) ? [] : [[text, counts.get(text) ?? 0] as const],
  );
  if (levels.length < 2) {
    const few = rare.slice(0, 3).map(([text, rows]) => `${quoted(text)} with ${rows}`);
    throw new InputError(
      `${name}: expected two or more classes with at least ${fewestRowsOfClass} rows each; got ${levels.length}${few.length > 0 ? `, and ${few.join(", ")}` : ""}`,
    );
  }
  const task = levels.length === 2 ? "binary" : "multiclass";
  if (wanted && wanted !== task)
    throw new InputError(
      `--task: expected ${task}, since ${name} has ${levels.length} classes; got ${wanted}`,
    );
  if (task === "multiclass") return { task, type, levels, rare };
  const spellings = type.type === "boolean" && type.spellings ? { spellings: type.spellings } : {};
  const boolean = { name: "target", type: "category", levels, ordered: false, required: true } as const;
  const positive = levels.find(
    (level) => findBoolean({ ...boolean, levels: [...levels], ...spellings }, level) === "true",
  );
  return { task, type, levels, rare, ...(positive === undefined ? {} : { positive }) };
}

/** Decides what the target is; `wanted` is the task that was asked for. Throws InputError where it cannot be predicted. */
export function inferTarget(
  profile: ColumnProfile,
  type: ColumnType | undefined,
  wanted: TaskName | undefined,
): Goal {
  const { column, values, distinct, missing, rows } = profile;
  const name = `target ${quoted(column)}`;
  if (type === undefined || missing === rows) throw new InputError(`${name}: every value is missing`);
  if (distinct === 1)
    throw new InputError(`${name}: every value is ${quoted(values[0][0])}; expected values that differ`);
  const isAmount = type.type === "number" && distinct - type.marks.length > 2;
  if (wanted === "regression" ? type.type === "number" : wanted === undefined && isAmount)
    return { task: "regression", type: type as Amount["type"] };
  const isNoLabel = type.type === "none" || type.type === "date" || type.type === "datetime";
  if (wanted === "regression" || (isNoLabel && wanted === undefined))
    throw new InputError(
      `${name}: expected numbers${wanted ? "" : `, or at most ${mostClasses} classes`}; got ${describeValues(profile, type)}`,
    );
  return findClasses(profile, type, wanted);
}

/** What dataset.json says of the goal beside its name. */
export function describeClasses({ levels, positive }: Classes): Record<string, unknown> {
  return { levels, ...(positive === undefined ? {} : { positive }) };
}

/** One column of numbers an amount, or one of 0 and 1 a class (of two: the second), for rows whose target is known. */
export function targetColumns(goal: Goal, targets: readonly Value[]): number[][] {
  if (goal.task === "regression") return [targets as number[]];
  const judged = goal.task === "binary" ? goal.levels.slice(1) : goal.levels;
  return judged.map((level) => targets.map((target) => (target === level ? 1 : 0)));
}

/** Whether a value that was read is one that rows may have. */
export function isTarget(goal: Goal, value: Value): boolean {
  return goal.task === "regression" ? typeof value === "number" : goal.levels.includes(String(value));
}
