// The tables of the benchmark: what each is, and where its rows come from.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import {
  dates,
  friedman,
  idleLevels,
  manyClasses,
  manyMissing,
  noisyLine,
  places,
  rareClass,
  skewedAmounts,
} from "./generated.ts";
import type { RawTable } from "./raw-table.ts";

export interface BenchTable {
  readonly name: string;
  readonly task: "regression" | "binary" | "multiclass";
  readonly transform: "none" | "log";
  /** Of scikit-learn's KFold, or StratifiedKFold for classes, shuffled with the seed 42. */
  readonly folds: number;
  /** Only the first so many folds are held out, where fits are long. */
  readonly measured?: number;
  /** Small tables are cheap enough for every run. */
  readonly size: "small" | "medium" | "large";
  /** Numbers that are names: zip codes, codes of types. */
  readonly categories?: readonly string[];
  /** A module of scikit-learn's bundled tables, written by bench/peers/bundled_tables.py. */
  readonly bundled?: string;
  readonly read: (bundledFolder: string) => RawTable;
}

interface CsvOptions {
  readonly separator?: string;
  readonly encoding?: BufferEncoding;
  readonly decimalComma?: boolean;
  readonly drop?: readonly string[];
  readonly keep?: (row: Readonly<Record<string, string>>) => boolean;
}

function readCsv(path: string, target: string, options: CsvOptions = {}): RawTable {
  const raw = readFileSync(path);
  const text = (path.endsWith(".gz") ? gunzipSync(raw) : raw).toString(options.encoding ?? "utf8");
  const parsed = parse(text, { columns: true, trim: true, bom: true, delimiter: options.separator ?? "," });
  const records = (parsed as Record<string, string>[]).filter(
    (row) => row[target] !== "" && (options.keep?.(row) ?? true),
  );
  const plain = (cell: string) => (cell === "NaN" ? "" : cell);
  const value = (cell: string) => (options.decimalComma ? cell.replace(",", ".") : plain(cell));
  const names = Object.keys(records[0]).filter((name) => name !== target && !options.drop?.includes(name));
  const isNumber = records.every((row) => Number.isFinite(Number(value(row[target]))));
  return {
    columns: Object.fromEntries(
      names.map((name) => [name, { values: records.map((row) => value(row[name])) }]),
    ),
    target: records.map((row) => (isNumber ? Number(value(row[target])) : row[target])),
  };
}

const own = (file: string, target: string, options?: CsvOptions) => () =>
  readCsv(join(import.meta.dirname, "data", file), target, options);

/** A file of the npm package @observablehq/sample-datasets. */
const sample = (file: string, target: string, options?: CsvOptions) => () => {
  const path = createRequire(import.meta.url).resolve(`@observablehq/sample-datasets/${file}.csv`);
  return readCsv(path, target, options);
};

const bundled = (name: string) => ({
  bundled: name,
  read: (folder: string) => readCsv(join(folder, `${name}.csv`), "target"),
});

const regression = { task: "regression", transform: "none", folds: 5, size: "small" } as const;
const logarithmic = { ...regression, transform: "log" } as const;

export const benchTables: readonly BenchTable[] = [
  { ...logarithmic, name: "sacramento", read: own("sacramento.csv", "price") },
  { ...logarithmic, name: "ames", folds: 3, read: own("ames.csv", "Sale_Price"), size: "medium" },
  { ...logarithmic, name: "many-levels", folds: 5, read: own("many-levels.csv.gz", "price"), size: "medium" },
  { ...regression, name: "churn", task: "binary", read: own("churn.csv", "churn"), size: "medium" },
  {
    ...logarithmic,
    name: "semicolons",
    read: own("semicolons-latin1.csv", "price", { separator: ";", encoding: "latin1", decimalComma: true }),
  },
  {
    ...logarithmic,
    name: "diamonds",
    measured: 1,
    read: sample("diamonds", "price", { keep: ({ x, y, z }) => Number(x) * Number(y) * Number(z) > 0 }),
    size: "medium",
  },
  { ...regression, name: "penguins", task: "multiclass", read: sample("penguins", "species") },
  { ...logarithmic, name: "cars", read: sample("cars", "economy (mpg)", { drop: ["name"] }) },
  { ...logarithmic, name: "cars-names", read: sample("cars", "economy (mpg)") },
  {
    ...logarithmic,
    name: "olympians",
    measured: 2,
    read: sample("olympians", "weight", { drop: ["id", "name", "info", "date_of_birth"] }),
    size: "medium",
  },
  { ...regression, name: "weather", read: sample("weather", "temp_max", { drop: ["date", "temp_min"] }) },
  { ...regression, name: "diabetes", ...bundled("diabetes") },
  { ...regression, name: "breast-cancer", task: "binary", ...bundled("breast_cancer") },
  { ...regression, name: "wine", task: "multiclass", ...bundled("wine") },
  { ...regression, name: "digits", task: "multiclass", ...bundled("digits"), size: "medium", measured: 2 },
  { ...regression, name: "line-25", read: () => noisyLine(25, 3, 2, 1) },
  { ...regression, name: "line-120", read: () => noisyLine(120, 5, 3, 2) },
  { ...regression, name: "line-500", read: () => noisyLine(500, 10, 5, 3) },
  { ...regression, name: "friedman-200", read: () => friedman(200, 8, 1, 4) },
  { ...regression, name: "friedman-1000", read: () => friedman(1000, 10, 1, 5) },
  { ...regression, name: "wide-500", folds: 3, read: () => friedman(800, 500, 1, 6), size: "medium" },
  { ...regression, name: "missing", read: () => manyMissing(4000, 7) },
  { ...logarithmic, name: "skewed", measured: 2, read: () => skewedAmounts(10_000, 8), size: "medium" },
  { ...logarithmic, name: "idle-levels", measured: 2, read: () => idleLevels(20_000, 9), size: "medium" },
  { ...logarithmic, name: "places", read: () => places(3000, 10) },
  { ...logarithmic, name: "dates", read: () => dates(5000, 11) },
  { ...regression, name: "rare-class", task: "binary", read: () => rareClass(20_000, 12), size: "medium" },
  {
    ...regression,
    name: "classes-30",
    task: "multiclass",
    read: () => manyClasses(6000, 30, 13),
    measured: 2,
    size: "medium",
  },
  {
    ...regression,
    name: "tall-100",
    folds: 5,
    measured: 1,
    read: () => friedman(50_000, 100, 2, 14),
    size: "large",
  },
  {
    ...regression,
    name: "million",
    folds: 5,
    measured: 1,
    read: () => friedman(1_000_000, 20, 3, 15),
    size: "large",
  },
];
