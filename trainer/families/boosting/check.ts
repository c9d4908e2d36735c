// Refuses what a booster cannot be fitted on, naming column, row and what is allowed.
import { InputError } from "#core/api/problem.ts";
import { isSetFeature, type Matrix } from "../../effects/matrix.ts";
import type { ObjectiveChoice } from "./objectives/index.ts";
import type { Objective } from "./objectives/objective.ts";
import type { Labelled } from "./options.ts";

/** Rows are counted in 24 bits beside a gradient in 40, and addressed in 32. */
const maxRows = 2 ** 24 - 1;

function refuse(pointer: string, detail: string): never {
  throw new InputError([{ pointer, detail }]);
}

/** Checks rows, targets and weights; `part` names them in messages ("training", "validation"). */
export function checkLabelled(
  { matrix, target, weights }: Labelled,
  objective: Objective,
  part: string,
): void {
  const { rows } = matrix;
  if (rows === 0) refuse("", `boosting: expected ${part} rows; got none`);
  if (rows > maxRows) refuse("", `boosting: expected at most ${maxRows} ${part} rows; got ${rows}`);
  if (matrix.features.length === 0) refuse("", "boosting: expected at least one feature; got none");
  for (const { name, values } of matrix.features) {
    if (values.length !== rows) refuse(`/${name}`, `expected ${rows} values; got ${values.length}`);
  }
  if (target.length !== rows) refuse("/target", `expected ${rows} values; got ${target.length}`);
  for (let row = 0; row < rows; row++) {
    const value = target[row];
    const fault = Number.isFinite(Math.fround(value))
      ? objective.targetFault(value)
      : "expected a finite number";
    if (fault) refuse("/target", `${fault}; got ${value} (${part} row ${row + 1})`);
  }
  if (!weights) return;
  if (weights.length !== rows) refuse("/weights", `expected ${rows} values; got ${weights.length}`);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights[row];
    if (!(weight >= 0 && Number.isFinite(weight))) {
      refuse("/weights", `expected a finite number of 0 or more; got ${weight} (${part} row ${row + 1})`);
    }
    total += weight;
  }
  if (total === 0) refuse("/weights", `expected a weight above 0 in some ${part} row`);
}

/** Refuses a target that leaves nothing to learn. */
export function checkVariety(target: ArrayLike<number>, choice: ObjectiveChoice): void {
  const first = target[0];
  const isConstant = Array.prototype.every.call(target, (value) => value === first);
  const isClasses = choice.name === "logistic" || choice.name === "softmax";
  if (isConstant) {
    refuse(
      "/target",
      isClasses
        ? `expected rows of two or more classes; all are of class ${first}`
        : `expected values that differ; all are ${first}`,
    );
  }
  if (choice.name === "poisson" || choice.name === "tweedie") {
    if (Array.prototype.every.call(target, (value) => value === 0)) {
      refuse("/target", "expected a value above 0 in some row");
    }
  }
}

/** Refuses a validation matrix whose columns are not the training matrix's. */
export function checkSameColumns(matrix: Matrix, validation: Matrix): void {
  const describe = ({ features }: Matrix) =>
    features
      .map((feature) => `${feature.name} (${feature.type}${isSetFeature(feature) ? " set" : ""})`)
      .join(", ");
  const [expected, got] = [describe(matrix), describe(validation)];
  if (expected !== got) refuse("", `boosting: expected validation columns ${expected}; got ${got}`);
}
