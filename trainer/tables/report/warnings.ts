// What a person should know before training: leaks, imbalance, gaps, repeated rows, columns that will not help.
import type { DataReport, ReportColumn } from "#core/api/data-report.ts";

type Warning = DataReport["warnings"][number];

const leakStrength = 0.97;
const imbalance = 10;
const manyMissing = 0.3;
const manyDuplicates = 0.01;
const manyOutliers = 0.01;
const manyLevels = 1000;
const fewRows = 500;
const zeroShare = 0.5;

const percent = (share: number) => `${(100 * share).toFixed(share < 0.1 || share > 0.9 ? 1 : 0)} %`;

function ofColumn(column: ReportColumn, rows: number, target: string | undefined): Warning[] {
  const { name, role, reason, missing, unreadable, levels, number, information, distinct } = column;
  const warn = (kind: string, detail: string): Warning => ({ kind, column: name, detail });
  const found: Warning[] = [];
  if (reason?.includes("gives the target away") || reason?.includes("is made of"))
    found.push(warn("leak", `left out: ${reason}`));
  if (role === "left out") return found;
  if (role === "feature" && (information?.strength ?? 0) >= leakStrength)
    found.push(warn("leak", `it alone settles ${target} almost wholly: is it known before ${target} is?`));
  if (missing > manyMissing * rows)
    found.push(warn("missing", `${percent(missing / rows)} of the values are missing`));
  if (unreadable > 0)
    found.push(
      warn("unreadable", `${unreadable} cells cannot be read as ${column.type}; training would refuse them`),
    );
  if (levels && distinct > manyLevels) found.push(warn("many levels", `${distinct} different levels`));
  const top = levels?.top[0];
  if (role === "feature" && top && top.rows > 0.98 * (rows - missing))
    found.push(
      warn("almost constant", `${percent(top.rows / (rows - missing))} of the values are ${top.level}`),
    );
  if (role === "feature" && number && number.zeros > zeroShare * rows && distinct > 2)
    found.push(warn("zeros", `${percent(number.zeros / rows)} of the values are 0`));
  if (role === "target" && missing > 0) found.push(warn("missing", `${missing} rows have no target`));
  return found;
}

function ofClasses({ target, columns }: DataReport): Warning[] {
  const own = columns.find(({ role }) => role === "target");
  if (target?.kind !== "classes" || !own?.levels) return [];
  const counts = own.levels.top.filter(({ level }) => target.classes.includes(level));
  if (counts.length < 2) return [];
  const [most, least] = [counts[0], counts[counts.length - 1]];
  if (most.rows < imbalance * least.rows) return [];
  const detail = `${most.rows} rows are ${most.level}, ${least.rows} are ${least.level}: accuracy alone says little`;
  return [{ kind: "imbalance", column: own.name, detail }];
}

/** The warnings that follow from everything else in the report, the gravest first. */
export function findWarnings(report: DataReport): Warning[] {
  const { rows, columns, duplicates, outliers, target } = report;
  const order = ["leak", "imbalance", "unreadable"];
  const rank = ({ kind }: Warning) => (order.indexOf(kind) + order.length + 1) % (order.length + 1);
  const all: Warning[] = [
    ...ofClasses(report),
    ...columns.flatMap((column) => ofColumn(column, rows, target?.column)),
    ...outliers
      .filter((one) => one.rows > manyOutliers * rows)
      .map((one) => ({
        kind: "outliers",
        column: one.column,
        detail: `${one.rows} rows lie far outside the others`,
      })),
    ...(duplicates.rows > manyDuplicates * rows
      ? [
          {
            kind: "duplicates",
            detail: `${duplicates.rows} rows (${percent(duplicates.rows / rows)}) repeat an earlier one in every column`,
          },
        ]
      : []),
    ...(rows < fewRows
      ? [{ kind: "few rows", detail: `${rows} rows: figures of held-out rows will be uncertain` }]
      : []),
  ];
  return all.sort((a, b) => rank(a) - rank(b));
}
