// What a fit of the linear family costs, told from the spec alone: candidates that would take minutes are not tried.
import type { DatasetSpec } from "#core/dataset/spec.ts";
import { pairsOf } from "#core/linear/linear-design.ts";
import { leastSupport } from "./encoding.ts";
import type { LinearParams } from "./params.ts";

/** Multiplications that a fit may take: about half a second of one core, and more where rows are many. */
const affordable = (rows: number) => 1.5e8 + 7000 * rows;

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Columns of a design by block, the widest that the spec allows, and how many of them a row fills. */
function widthsOf(spec: DatasetSpec, params: LinearParams, rows: number) {
  const numbers = spec.features.filter(({ type }) => type === "number").length;
  const levels = spec.features.flatMap((feature) =>
    feature.type === "category"
      ? [
          params.categories === "ordinal"
            ? 1
            : Math.min(feature.levels.length, Math.floor(rows / leastSupport)),
        ]
      : [],
  );
  const curve = numbers === 0 ? 0 : params.powers + (params.knots > 0 ? params.knots + 2 : 0);
  const others = params.others === "none" ? 0 : Math.max(0, numbers - 1);
  const othersWidth = others * (params.others === "curved" ? 4 : 2);
  const plain = 1 + Math.min(curve, 3) + sum(levels);
  const pairs = params.pairs ? pairsOf(levels) : [];
  return {
    others,
    plain,
    plainFilled: 1 + Math.min(curve, 3) + levels.length,
    columns:
      1 +
      curve +
      sum(levels) * (1 + (params.interactions ? curve : 0)) +
      othersWidth +
      sum(pairs.map(([a, b]) => a * b)),
    filled: 1 + curve + levels.length * (1 + (params.interactions ? curve : 0)) + othersWidth + pairs.length,
  };
}

/** Multiplications of a fit with these parameters, roughly. */
function costOf(spec: DatasetSpec, params: LinearParams, rows: number): number {
  const { others, plain, plainFilled, columns, filled } = widthsOf(spec, params, rows);
  const design = rows * (filled ** 2 / 2 + 4 * columns) + columns ** 3;
  return design + others * (rows * (plainFilled ** 2 / 2 + plain) + plain ** 3 / 3);
}

/** Whether a fit with these parameters on `rows` rows ends within about a second, or a few where rows are many. */
export function isAffordable(spec: DatasetSpec, params: LinearParams, rows: number): boolean {
  return params.form === "effects" || costOf(spec, params, rows) <= affordable(rows);
}
