// The language of search spaces: what values each parameter of a family may take, and how they are drawn.

import * as z from "zod";
import { type FieldError, InputError, quoted, toPointer } from "#core/api/problem.ts";
import type { Params } from "#core/bundle/manifest.ts";
import type { Random } from "../random.ts";

const FloatDimension = z.strictObject({
  type: z.literal("float"),
  low: z.number(),
  high: z.number(),
  /** Search the logarithm: each decade is as likely as the next. */
  log: z.boolean().default(false),
});
const IntDimension = z.strictObject({
  type: z.literal("int"),
  low: z.int(),
  high: z.int(),
  log: z.boolean().default(false),
});
const CategoryDimension = z.strictObject({
  type: z.literal("category"),
  choices: z
    .array(z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .min(1)
    .max(1000)
    .readonly(),
});

const Dimension = z
  .discriminatedUnion("type", [FloatDimension, IntDimension, CategoryDimension])
  .superRefine((dimension, context) => {
    if (dimension.type === "category") {
      if (new Set(dimension.choices).size < dimension.choices.length)
        context.addIssue({ code: "custom", path: ["choices"], message: "expected distinct choices" });
      return;
    }
    const fault = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    const { type, low, high, log } = dimension;
    if (high < low) fault("high", `expected at least the low end, ${low}; got ${high}`);
    const lowest = type === "int" ? "at least 1" : "above 0";
    if (log && low <= 0) fault("low", `expected a low end ${lowest}, since log is true; got ${low}`);
  });

const Space = z.record(z.string().min(1), Dimension);

export type Dimension = z.infer<typeof Dimension>;
/** Parameter name to what it may be; the order of the names is part of a search's identity. */
export type Space = Readonly<z.infer<typeof Space>>;
/** A space as it is written by hand, `log` left out where it is false. */
export type SpaceInput = Readonly<z.input<typeof Space>>;

/** One number a dimension, in the space's order: the value itself, or the index of a choice. */
export type Point = Float64Array;

/** Checks and completes a space; throws InputError naming the parameter, what was given and what is allowed. */
export function parseSpace(value: SpaceInput): Space {
  const result = Space.safeParse(value);
  if (!result.success) {
    throw new InputError(
      result.error.issues.map(({ path, message }) => ({ pointer: toPointer(path), detail: message })),
    );
  }
  if (Object.keys(result.data).length === 0)
    throw new InputError("expected a space with at least one parameter");
  return result.data;
}

/** Whether only one value is possible, so that there is nothing to search. */
export function isFixed(dimension: Dimension): boolean {
  return dimension.type === "category" ? dimension.choices.length === 1 : dimension.low === dimension.high;
}

function drawNumber(
  { type, low, high, log }: Exclude<Dimension, { type: "category" }>,
  random: Random,
): number {
  // An integer is a cell of width one, so that both ends are as likely as what lies between.
  const half = type === "int" ? 0.5 : 0;
  const start = log ? Math.log(low - half) : low - half;
  const end = log ? Math.log(high + half) : high + half;
  const drawn = start + random() * (end - start);
  const value = log ? Math.exp(drawn) : drawn;
  return Math.min(high, Math.max(low, type === "int" ? Math.round(value) : value));
}

/** A point drawn uniformly (in the logarithm where a dimension says so). */
export function drawPoint(space: Space, random: Random): Point {
  return Float64Array.from(Object.values(space), (dimension) =>
    dimension.type === "category"
      ? Math.floor(random() * dimension.choices.length)
      : drawNumber(dimension, random),
  );
}

/** The parameters a point stands for. */
export function toParams(space: Space, point: Point): Params {
  return Object.fromEntries(
    Object.entries(space).map(([name, dimension], i) => [
      name,
      dimension.type === "category" ? dimension.choices[point[i]] : point[i],
    ]),
  );
}

function findCoordinate(dimension: Dimension, value: Params[string] | undefined): number | undefined {
  if (dimension.type === "category") {
    const index = dimension.choices.indexOf(value ?? null);
    return index < 0 ? undefined : index;
  }
  if (typeof value !== "number" || !(value >= dimension.low && value <= dimension.high)) return undefined;
  return dimension.type === "int" && !Number.isInteger(value) ? undefined : value;
}

function allowed(dimension: Dimension): string {
  if (dimension.type === "category") return `one of ${dimension.choices.map(quoted).join(", ")}`;
  return `${dimension.type === "int" ? "an integer" : "a number"} from ${dimension.low} to ${dimension.high}`;
}

/** The point that `params` stand for; names outside the space are left aside. Throws InputError naming what does not fit. */
export function toPoint(space: Space, params: Params): Point {
  const errors: FieldError[] = [];
  const point = Float64Array.from(Object.entries(space), ([name, dimension]) => {
    const coordinate = findCoordinate(dimension, params[name]);
    if (coordinate !== undefined) return coordinate;
    const detail = `expected ${allowed(dimension)}; got ${quoted(params[name])}`;
    errors.push({ pointer: toPointer([name]), detail });
    return Number.NaN;
  });
  if (errors.length > 0) throw new InputError(errors);
  return point;
}
