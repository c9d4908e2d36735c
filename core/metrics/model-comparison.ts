// Two published models side by side: metrics, the gate's verdict on the same held-out rows, levels, parameters, data and code.
import * as z from "zod";
import type { HeldOutErrors } from "../bundle/held-out.ts";
import { Manifest, type Metrics } from "../bundle/manifest.ts";
import { seeded } from "../random.ts";
import { taskOfMetrics } from "../tasks/index.ts";
import { judgeErrors, Verdict } from "./gate.ts";

/** What a comparison reads of a manifest. */
export const ComparedManifest = Manifest.pick({
  ...{ id: true, family: true, title: true, params: true, seed: true, trainedAt: true, specHash: true },
  ...{ data: true, metrics: true, environment: true },
});

export interface ComparedModel {
  readonly manifest: z.infer<typeof ComparedManifest>;
  /** Undefined for a bundle of an earlier trainer, which holds none. */
  readonly heldOut: HeldOutErrors | undefined;
}

const Side = z.object({ id: z.string(), family: z.string(), title: z.string(), trainedAt: z.string() });
const Figure = z.number().nullable();
const Figures = { a: Figure, b: Figure, difference: Figure };
const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const Sizes = z.object({ sha256: z.string(), rows: z.int(), trainRows: z.int(), testRows: z.int() });

function diffOf<T extends z.ZodType>(value: T) {
  return z.object({ same: z.boolean(), a: value, b: value });
}

/** Differences are b minus a. In the gate `a` stands as the champion, `b` as the challenger. */
export const Comparison = z.object({
  a: Side,
  b: Side,
  metrics: z.array(z.object({ metric: z.string(), ...Figures })),
  gate: z.union([
    Verdict.extend({ comparable: z.literal(true) }),
    z.object({ comparable: z.literal(false), reason: z.string() }),
  ]),
  /** The task's main metric by level, the largest difference first; null where a model knows no such level. */
  segments: z.array(
    z.object({
      ...{ feature: z.string(), level: z.string() },
      rows: z.object({ a: z.int().nullable(), b: z.int().nullable() }),
      ...Figures,
    }),
  ),
  /** Parameters that differ; null where a model has none of this name. */
  params: z.array(z.object({ name: z.string(), a: Value, b: Value })),
  seed: diffOf(z.int()),
  spec: diffOf(z.string()),
  data: diffOf(Sizes),
  code: diffOf(Manifest.shape.environment),
});
export type Comparison = z.infer<typeof Comparison>;

/** Draws that a verdict may take: some half a second. Beyond it there are fewer resamples, not fewer rows. */
const mostDraws = 50_000_000;
const usualResamples = 2000;
/** Fewer give no interval worth the name. */
const fewestResamples = 100;

/** The gate's verdict on `b` against `a`, or why there is none. */
function judge(a: ComparedModel, b: ComparedModel): Comparison["gate"] {
  const none = (reason: string) => ({ comparable: false as const, reason });
  const without = [a, b].find(({ heldOut }) => !heldOut);
  if (!a.heldOut || !b.heldOut)
    return none(`not comparable: the bundle of ${without?.manifest.id} holds no errors of its held-out rows`);
  if (a.heldOut.rowsSha256 !== b.heldOut.rowsSha256) return none("not comparable: other held-out rows");
  const rows = a.heldOut.errors.length;
  const resamples = Math.min(usualResamples, Math.floor(mostDraws / rows));
  if (resamples < fewestResamples) return none(`not comparable: ${rows} held-out rows are too many`);
  const [champion, challenger] = [a.heldOut, b.heldOut].map(({ errors }) =>
    Float64Array.from(errors, Math.abs),
  );
  const random = seeded(b.manifest.seed);
  return { comparable: true, ...judgeErrors(champion, challenger, { random, resamples }) };
}

const minus = (b: number | null, a: number | null) => (a === null || b === null ? null : b - a);

function compareMetrics(a: ComparedModel, b: ComparedModel): Comparison["metrics"] {
  const parts = ["heldOut", "crossValidated"] as const;
  const all = [a, b].flatMap(({ manifest }) => Object.keys(manifest.metrics.heldOut));
  const names = [...new Set(all)].filter((name) => name !== "rows");
  const figure = (metrics: Metrics | null, name: string) =>
    (metrics as Readonly<Record<string, number | null>> | null)?.[name] ?? null;
  return parts.flatMap((part) =>
    names.map((name) => {
      const [left, right] = [a, b].map(({ manifest }) => figure(manifest.metrics[part], name));
      return { metric: `${part}.${name}`, a: left, b: right, difference: minus(right, left) };
    }),
  );
}

const mainOf = (metrics: Metrics | undefined) =>
  metrics ? taskOfMetrics(metrics).mainMetric.of(metrics) : null;

function compareSegments(a: ComparedModel, b: ComparedModel): Comparison["segments"] {
  const keyOf = ({ feature, level }: { feature: string; level: string }) => JSON.stringify([feature, level]);
  const [left, right] = [a, b].map(
    ({ manifest }) => new Map(manifest.metrics.segments.map((segment) => [keyOf(segment), segment])),
  );
  const segments = [...new Map([...left, ...right])].map(([key, { feature, level }]) => {
    const [own, other] = [left.get(key)?.metrics, right.get(key)?.metrics];
    const errors = { a: mainOf(own), b: mainOf(other) };
    const rows = { a: own?.rows ?? null, b: other?.rows ?? null };
    return { feature, level, rows, ...errors, difference: minus(errors.b, errors.a) };
  });
  return segments.sort((x, y) => Math.abs(y.difference ?? 0) - Math.abs(x.difference ?? 0));
}

function compareParams(a: ComparedModel, b: ComparedModel): Comparison["params"] {
  const [left, right] = [a.manifest.params, b.manifest.params];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .map((name) => ({ name, a: left[name] ?? null, b: right[name] ?? null }))
    .filter((param) => param.a !== param.b);
}

function difference<T>(read: (model: ComparedModel) => T, a: ComparedModel, b: ComparedModel) {
  const [left, right] = [read(a), read(b)];
  return { same: JSON.stringify(left) === JSON.stringify(right), a: left, b: right };
}

export function compareModels(a: ComparedModel, b: ComparedModel): Comparison {
  const sideOf = ({ manifest: { id, family, title, trainedAt } }: ComparedModel) => ({
    ...{ id, family, title, trainedAt },
  });
  return {
    a: sideOf(a),
    b: sideOf(b),
    metrics: compareMetrics(a, b),
    gate: judge(a, b),
    segments: compareSegments(a, b),
    params: compareParams(a, b),
    seed: difference(({ manifest }) => manifest.seed, a, b),
    spec: difference(({ manifest }) => manifest.specHash, a, b),
    data: difference(
      ({ manifest: { data } }) => ({
        ...{ sha256: data.sha256, rows: data.rows, trainRows: data.trainRows, testRows: data.testRows },
      }),
      a,
      b,
    ),
    code: difference(({ manifest }) => manifest.environment, a, b),
  };
}
