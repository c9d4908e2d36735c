// The design of a linear model: which columns a row becomes. Its trainer learns it; explanations read it back from explain.json.
import * as z from "zod";
import { InputError, toPointer } from "../api/problem.ts";
import type { DatasetSpec } from "../dataset/spec.ts";

/** The scale on which a number enters: its logarithm (of at least `floor`) or the number itself. */
const Scale = z.object({ log: z.boolean(), floor: z.number() });

const MainNumber = z.object({
  feature: z.string(),
  scale: Scale,
  /** Mean on the scale: taken off first, and what a missing value becomes. */
  center: z.number(),
  /** Range of the centred training values; beyond it the curve goes on as a straight line. */
  low: z.number(),
  high: z.number(),
  /** Standard deviation of the training values. */
  deviation: z.number(),
  powers: z.int().min(1).max(5),
  knots: z.array(z.number()).max(100),
  /** Powers on which the expectation of other numbers rests: a spline is close to a cube. */
  expectationPowers: z.int().min(0).max(5),
  /** Names of the curve's columns. */
  names: z.array(z.string()),
});

/** Row `code` of `rows` is what the level becomes; the last row (code = number of levels) is for a missing or unknown one. */
const Encoding = z.object({
  feature: z.string(),
  /** What each number stands for, as coefficients are named. */
  names: z.array(z.string()),
  rows: z.array(z.array(z.number())),
});

const OtherNumber = z.object({
  feature: z.string(),
  scale: Scale,
  /** What is expected, as coefficients of the plain columns: 1, the main number's first powers, the levels. */
  expected: z.array(z.number()),
  deviation: z.number(),
  /** Standardised deviations are cut to this range: a typing error must not move the price beyond what was ever seen. */
  low: z.number(),
  high: z.number(),
  /** Mean of the squared standardised deviation: taken off its square, so that a missing number is an average one. */
  meanSquare: z.number(),
  /** Whether enough training rows miss it to learn what that means. */
  indicator: z.boolean(),
});

const Parts = z.object({
  params: z.object({
    interactions: z.boolean(),
    pairs: z.boolean(),
    others: z.enum(["curved", "linear", "none"]),
  }),
  main: MainNumber.optional(),
  encodings: z.array(Encoding),
  others: z.array(OtherNumber),
});

/** The design, and where the fitted scale ends. */
const WrittenDesign = Parts.extend({ low: z.number(), high: z.number() });

export type Scale = z.infer<typeof Scale>;
export type MainNumber = z.infer<typeof MainNumber>;
export type Encoding = z.infer<typeof Encoding>;
export type OtherNumber = z.infer<typeof OtherNumber>;
export type DesignParts = z.infer<typeof Parts>;

export interface ColumnLayout {
  readonly names: readonly string[];
  /** Where each block of columns starts. Blocks: 1, curve, levels, deviations (and squares, and times the main number), missing, levels x curve, pairs. */
  readonly starts: {
    readonly levels: number;
    readonly others: number;
    readonly missing: number;
    readonly interactions: number;
    readonly pairs: number;
  };
}

export type LinearDesign = DesignParts & ColumnLayout;

/** The column after the last: how far the main number lies beyond the training range, which the curve does not follow. */
export function beyondTraining(feature: string): string {
  return `${feature} beyond training`;
}

/** Every two encodings, the earlier first. */
export function pairsOf<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((a, index) => items.slice(index + 1).map((b): [T, T] => [a, b]));
}

/** Widths of the plain columns that expectations rest on: 1, powers of the main number, levels. */
export function plainWidth({ main, encodings }: Pick<DesignParts, "main" | "encodings">): number {
  return 1 + (main?.expectationPowers ?? 0) + encodings.reduce((sum, { names }) => sum + names.length, 0);
}

/** The design with its columns named and counted. */
export function layOutDesign<P extends DesignParts>(parts: P): P & ColumnLayout {
  const { params, main, encodings, others } = parts;
  const curve = main?.names ?? [];
  const levels = encodings.flatMap(({ names }) => names);
  const names = ["(intercept)", ...curve, ...levels];
  const starts = { levels: 1 + curve.length, others: names.length, missing: 0, interactions: 0, pairs: 0 };
  const deviations = others.map(
    ({ feature, scale }) => `${scale.log ? `log ${feature}` : feature} deviation`,
  );
  names.push(...deviations);
  if (params.others === "curved") {
    names.push(...deviations.map((name) => `(${name})^2`));
    if (main) names.push(...deviations.map((name) => `${name} x ${curve[0]}`));
  }
  starts.missing = names.length;
  names.push(...others.filter(({ indicator }) => indicator).map(({ feature }) => `${feature} missing`));
  starts.interactions = names.length;
  if (params.interactions)
    names.push(...levels.flatMap((level) => curve.map((column) => `${level} x ${column}`)));
  starts.pairs = names.length;
  if (params.pairs) {
    for (const [a, b] of pairsOf(encodings))
      names.push(...a.names.flatMap((left) => b.names.map((right) => `${left} x ${right}`)));
  }
  return { ...parts, names, starts };
}

/** More columns than any fit that ends has: a file must not make a small design name billions. */
const mostColumns = 200_000;

function countColumns({ main, encodings, others }: DesignParts): number {
  const levels = encodings.reduce((sum, { names }) => sum + names.length, 0);
  return (1 + levels) * (1 + (main?.names.length ?? 0) + levels) + 4 * others.length;
}

function checkParts(spec: DatasetSpec, parts: DesignParts): void {
  const fail = (detail: string): never => {
    throw new InputError([{ pointer: "/design", detail }]);
  };
  const typeOf = (name: string) => spec.features.find((feature) => feature.name === name)?.type;
  const { main, encodings, others } = parts;
  for (const { feature } of [...(main ? [main] : []), ...others])
    if (typeOf(feature) !== "number") fail(`${feature} is no number of ${spec.name}`);
  if (main && main.names.length !== main.powers + main.knots.length)
    fail(`expected one name a column of ${main.feature}`);
  for (const { feature: name, names, rows } of encodings) {
    const feature = spec.features.find((one) => one.name === name);
    if (feature?.type !== "category") fail(`${name} is no category of ${spec.name}`);
    else if (rows.length !== feature.levels.length + 1 || rows.some((row) => row.length !== names.length))
      fail(`expected ${names.length} numbers for each level of ${name} and for none`);
  }
  const width = plainWidth(parts);
  if (others.some(({ expected }) => expected.length !== width))
    fail(`expected ${width} coefficients for what is expected of a number`);
  if (countColumns(parts) > mostColumns) fail(`expected at most ${mostColumns} columns`);
}

/** Reads the design that a linear explain.json holds. Throws InputError where it is none, or one of other features than the spec's. */
export function parseLinearDesign(
  spec: DatasetSpec,
  value: unknown,
): { design: LinearDesign; low: number; high: number } {
  const result = WrittenDesign.safeParse(value);
  if (!result.success) {
    throw new InputError(
      result.error.issues.map(({ path, message }) => ({
        pointer: toPointer(["design", ...path]),
        detail: message,
      })),
    );
  }
  const { low, high, ...parts } = result.data;
  checkParts(spec, parts);
  return { design: layOutDesign(parts), low, high };
}
