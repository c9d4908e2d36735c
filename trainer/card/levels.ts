// Held-out rows by category level: the groups that several sections draw.
import type { CategoryFeature } from "#core/dataset/feature.ts";
import type { DatasetSpec } from "#core/dataset/spec.ts";
import type { Table } from "#core/dataset/table.ts";
import { shortLabel } from "./figure.ts";

/** More levels than this make no readable chart: the ones with most rows are drawn. */
export const mostLevels = 24;

export interface LevelGroup {
  readonly level: string;
  readonly label: string;
  readonly rows: readonly number[];
}

export interface FeatureLevels {
  readonly feature: CategoryFeature;
  /** In the spec's order; levels without a held-out row are left out. */
  readonly groups: readonly LevelGroup[];
  /** Levels that were left out because there are too many. */
  readonly omitted: number;
}

/** Every category feature with the rows of each of its levels. */
export function groupByLevel(spec: DatasetSpec, table: Table): FeatureLevels[] {
  return spec.features.flatMap((feature) => {
    if (feature.type !== "category") return [];
    const rows: number[][] = feature.levels.map(() => []);
    table.columns[feature.name].forEach((code, row) => {
      if (code >= 0) rows[code].push(row);
    });
    const present = rows.map((list, code) => ({ code, size: list.length })).filter(({ size }) => size > 0);
    const kept = new Set(
      [...present]
        .sort((a, b) => b.size - a.size)
        .slice(0, mostLevels)
        .map(({ code }) => code),
    );
    const groups = feature.levels.flatMap((level, code) =>
      kept.has(code) ? [{ level, label: shortLabel(level), rows: rows[code] }] : [],
    );
    return groups.length === 0 ? [] : [{ feature, groups, omitted: present.length - kept.size }];
  });
}

/** Said in a caption where levels had to be left out. */
export function omissionNote({ omitted }: FeatureLevels): string {
  return omitted === 0 ? "" : ` ${omitted} levels with fewer rows are not drawn.`;
}
