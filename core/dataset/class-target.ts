// What a target of classes must say: its levels, which one is positive, and what mistakes cost.
import * as z from "zod";

/** Above so many classes a model of each class against the others no longer says anything useful. */
export const mostClasses = 100;

/** Beside a target's name and words; only targets of classes have them. */
export const classFields = {
  /** The classes, in the order in which probabilities are listed. */
  levels: z.array(z.string().min(1).max(200)).optional(),
  /** The class that `positive` in an answer is the probability of; the last level where it is left out. */
  positive: z.string().min(1).max(200).optional(),
  /** What a mistake costs, in any unit: the decision of least expected cost follows from it. Equal costs where it is left out. */
  cost: z
    .strictObject({ falsePositive: z.number().gt(0).max(1e9), falseNegative: z.number().gt(0).max(1e9) })
    .optional(),
};

interface Target {
  readonly unit: string;
  readonly transform: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly levels?: readonly string[];
  readonly positive?: string;
  readonly cost?: object;
}

interface Fault {
  readonly path: string;
  readonly message: string;
}

function amountFaults({ unit, levels, positive, cost }: Target): Fault[] {
  const classOnly = Object.entries({ levels, positive, cost }).filter(([, value]) => value !== undefined);
  return [
    ...(unit === "" ? [{ path: "unit", message: "expected the unit of the amount that is predicted" }] : []),
    ...classOnly.map(([path]) => ({ path, message: "expected only where the task is binary or multiclass" })),
  ];
}

function classFaults(task: string, target: Target): Fault[] {
  const { levels, positive, cost, unit, transform, minimum, maximum } = target;
  const faults: Fault[] = [];
  const count = levels?.length ?? 0;
  if (task === "binary" && count !== 2)
    faults.push({
      path: "levels",
      message: `expected the two classes, since the task is binary; got ${count}`,
    });
  if (task === "multiclass" && (count < 3 || count > mostClasses))
    faults.push({ path: "levels", message: `expected 3 to ${mostClasses} classes; got ${count}` });
  const listed = (levels ?? []).slice(0, mostClasses);
  listed.forEach((level, at) => {
    if (level !== level.trim())
      faults.push({ path: "levels", message: `level ${at + 1}: expected no blanks at its ends` });
    if (listed.indexOf(level) !== at)
      faults.push({ path: "levels", message: `"${level.slice(0, 60)}" is listed twice` });
  });
  if (task !== "binary") {
    for (const [path, value] of Object.entries({ positive, cost }))
      if (value !== undefined) faults.push({ path, message: "expected only where the task is binary" });
  } else if (positive !== undefined && !levels?.includes(positive))
    faults.push({ path: "positive", message: `expected one of the levels; got "${positive.slice(0, 60)}"` });
  if (unit !== "") faults.push({ path: "unit", message: "expected none: a class has no unit" });
  if (transform !== "none")
    faults.push({ path: "transform", message: 'expected "none": a class has no logarithm' });
  for (const [path, value] of Object.entries({ minimum, maximum }))
    if (value !== undefined) faults.push({ path, message: "expected none: a class has no bounds" });
  return faults;
}

/** What is wrong with a target, given the task. */
export function targetFaults(task: string, target: Target): Fault[] {
  return task === "regression" ? amountFaults(target) : classFaults(task, target);
}
