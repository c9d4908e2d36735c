// The target in each stretch or level of a column: quartiles of an amount, shares of classes.
import type { TargetGroup } from "#core/api/data-report.ts";
import type { Value } from "../reading/database.ts";
import type { Coded } from "./codes.ts";

const fewestRows = 3;

function quartiles(sorted: Float64Array): number[] {
  return [0.25, 0.5, 0.75].map((level) => {
    const place = level * (sorted.length - 1);
    const low = sorted[Math.floor(place)];
    return low + (place - Math.floor(place)) * (sorted[Math.ceil(place)] - low);
  });
}

/** `classes` are given for a target of classes; rows without a target are left out. */
export function groupTarget(
  coded: Coded,
  target: readonly Value[],
  classes: readonly string[] | undefined,
): TargetGroup[] {
  const groups = coded.labels.map((label) => ({ label, values: [] as (number | string)[] }));
  target.forEach((value, row) => {
    if (typeof value === "number" || typeof value === "string") groups[coded.codes[row]].values.push(value);
  });
  return groups.flatMap(({ label, values }): TargetGroup[] => {
    if (values.length < fewestRows) return [];
    const rows = values.length;
    if (!classes) {
      const sorted = Float64Array.from(values as number[]).sort();
      return [{ label, rows, quartiles: quartiles(sorted) }];
    }
    const shares = classes.map((one) => values.filter((value) => String(value) === one).length / rows);
    return [{ label, rows, shares }];
  });
}
