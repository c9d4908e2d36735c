// The cell of a position as SQL, the same integer that core/dataset/ground.ts computes: for items that are indexed anew in the database.
import { cellBits } from "#core/dataset/ground.ts";

const steps = 2 ** cellBits;

const step = (degrees: string, most: number) =>
  `min(${steps - 1}, max(0, cast((${degrees} + ${most}) / ${2 * most}.0 * ${steps} as integer)))`;

/** Each bit followed by a 0: the usual five shifts, one query inside the other so that each value is written once. */
const spread = (value: string) =>
  [
    [16, "0x0000ffff0000ffff"],
    [8, "0x00ff00ff00ff00ff"],
    [4, "0x0f0f0f0f0f0f0f0f"],
    [2, "0x3333333333333333"],
    [1, "0x5555555555555555"],
  ].reduce(
    (inner, [shift, mask]) => `(select (v | (v << ${shift})) & ${mask} as v from ${inner})`,
    `(select ${value} as v)`,
  );

/** An expression for the cell of two expressions in degrees; null where one of them is. */
export function cellExpression(latitude: string, longitude: string): string {
  return `((select 2 * v from ${spread(step(latitude, 90))}) | (select v from ${spread(step(longitude, 180))}))`;
}
