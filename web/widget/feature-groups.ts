// In which order a form asks, and what it folds away: a few features as the spec lists them, many by how much they matter.
import type { Feature } from "#core/dataset/feature.ts";

/** Up to so many features keep the order of the spec, the optional ones folded. */
const few = 12;
/** Of more, so many stand open (and every required one), so many more behind one fold; the rest behind another. */
const open = 8;
const grouped = 20;

export interface FeatureGroups {
  readonly open: readonly Feature[];
  readonly more: readonly Feature[];
  readonly rest: readonly Feature[];
}

/** Groups of `features`; `importance` by feature, in any unit. Without it the spec's order stands for it. */
export function groupFeatures(
  features: readonly Feature[],
  importance: Readonly<Record<string, number>> | null | undefined,
): FeatureGroups {
  if (features.length <= few) {
    const [required, optional] = [true, false].map((wanted) =>
      features.filter((feature) => feature.required === wanted),
    );
    return { open: required, more: optional, rest: [] };
  }
  const weight = ({ name }: Feature) => importance?.[name] ?? 0;
  const ranked = [...features].sort((a, b) => weight(b) - weight(a));
  const required = ranked.filter((feature) => feature.required).length;
  let room = Math.max(0, open - required);
  const shown = ranked.filter((feature) => feature.required || room-- > 0);
  const folded = ranked.filter((feature) => !shown.includes(feature));
  const more = folded.slice(0, Math.max(0, grouped - shown.length));
  const others = new Set(folded.slice(more.length));
  return { open: shown, more, rest: features.filter((feature) => others.has(feature)) };
}
