// Made-up tables of the benchmark: each has one trait that real tables have, at a known size and noise.
import { type Random, seeded } from "../../trainer/random.ts";
import type { RawColumn, RawTable } from "./raw-table.ts";

/** A standard normal draw (Box and Muller). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function numbers(rows: number, draw: () => number): number[] {
  return Array.from({ length: rows }, draw);
}

/** Numbers named x1, x2, ... by column. */
function named(columns: readonly (readonly number[])[]): Record<string, RawColumn> {
  return Object.fromEntries(columns.map((values, at) => [`x${at + 1}`, { values }]));
}

/** A linear law under noise: where few rows leave nothing else to find. */
export function noisyLine(rows: number, features: number, noise: number, seed: number): RawTable {
  const random = seeded(seed);
  const columns = Array.from({ length: features }, () => numbers(rows, () => normal(random)));
  const target = Array.from({ length: rows }, (_, row) => {
    return 50 + 3 * columns[0][row] - 2 * columns[1][row] + columns[2][row] + noise * normal(random);
  });
  return { columns: named(columns), target };
}

/** Friedman's first function (1991): a product in a sine, a square, two lines, and columns that mean nothing. */
export function friedman(rows: number, features: number, noise: number, seed: number): RawTable {
  const random = seeded(seed);
  const columns = Array.from({ length: features }, () => numbers(rows, () => random()));
  const target = Array.from({ length: rows }, (_, row) => {
    const [a, b, c, d, e] = columns.map((column) => column[row]);
    return (
      10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e + noise * normal(random) + 30
    );
  });
  return { columns: named(columns), target };
}

/** Half of all cells are missing, some because of what they hold. */
export function manyMissing(rows: number, seed: number): RawTable {
  const { columns, target } = friedman(rows, 12, 1, seed);
  const random = seeded(seed + 1);
  const holed = Object.entries(columns).map(([name, { values }], at) => {
    const kept = values.map((value) =>
      random() < (at % 2 === 0 ? 0.5 : (value as number) > 0.6 ? 0.8 : 0.2) ? "" : value,
    );
    return [name, { values: kept }] as const;
  });
  return { columns: Object.fromEntries(holed), target };
}

/** Amounts with a long tail, whose spread grows with their size. */
export function skewedAmounts(rows: number, seed: number): RawTable {
  const random = seeded(seed);
  const kinds = ["small", "medium", "large", "huge"];
  const size = numbers(rows, () => Math.exp(normal(random)));
  const age = numbers(rows, () => random() * 40);
  const kind = Array.from({ length: rows }, () => kinds[Math.floor(random() ** 2 * 4)]);
  const rest = Array.from({ length: 5 }, () => numbers(rows, () => normal(random)));
  const target = Array.from({ length: rows }, (_, row) => {
    const level = kinds.indexOf(kind[row]);
    const law = 0.9 * Math.log(size[row]) + 0.7 * level - 0.02 * age[row] * (1 + 0.5 * level);
    return Math.exp(6 + law + 0.3 * rest[0][row] * (rest[1][row] > 0 ? 1 : -1) + 0.25 * normal(random));
  });
  return {
    columns: { size: { values: size }, age: { values: age }, kind: { values: kind }, ...named(rest) },
    target,
  };
}

/** A column of thousands of levels that mean nothing, beside one of hundreds that mean much. */
export function idleLevels(rows: number, seed: number): RawTable {
  const random = seeded(seed);
  const effects = numbers(300, () => normal(random));
  const idle = Array.from({ length: rows }, () => `i${Math.floor(random() * 5000)}`);
  const chosen = Array.from({ length: rows }, () => Math.floor(random() ** 2 * 300));
  const [x, y] = [numbers(rows, () => normal(random)), numbers(rows, () => normal(random))];
  const target = chosen.map((level, row) =>
    Math.exp(4 + 0.4 * effects[level] + 0.3 * x[row] + 0.2 * Math.sin(2 * y[row]) + 0.15 * normal(random)),
  );
  return {
    columns: {
      idle: { values: idle },
      model: { values: chosen.map((level) => `m${level}`) },
      ...named([x, y]),
    },
    target,
  };
}

/** Prices that vary over the ground: two centres, a river, and sizes of homes. */
export function places(rows: number, seed: number): RawTable {
  const random = seeded(seed);
  const latitude = numbers(rows, () => 46 + 0.4 * random());
  const longitude = numbers(rows, () => 7 + 0.6 * random());
  const area = numbers(rows, () => 30 + 170 * random());
  const rooms = area.map((value) => Math.max(1, Math.round(value / 28 + normal(random))));
  const target = Array.from({ length: rows }, (_, row) => {
    const near = (north: number, east: number, reach: number) =>
      Math.exp(-(((latitude[row] - north) ** 2 + (longitude[row] - east) ** 2) / reach ** 2));
    const river = latitude[row] - 46.2 > 0.3 * Math.sin(6 * (longitude[row] - 7)) ? 0.15 : 0;
    const place = near(46.1, 7.15, 0.08) + 0.7 * near(46.3, 7.45, 0.12) + river;
    return Math.exp(8 + place + 0.9 * Math.log(area[row]) + 0.02 * rooms[row] + 0.12 * normal(random));
  });
  const columns = { latitude, longitude, area, rooms };
  return {
    columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, { values }])),
    target,
  };
}

/** Demand by day: a trend, seasons and weekdays, the date given as its parts. */
export function dates(rows: number, seed: number): RawTable {
  const random = seeded(seed);
  const days = numbers(rows, () => Math.floor(random() * 2200));
  const dayOf = (day: number) => new Date(Date.UTC(2018, 0, 1) + day * 86_400_000);
  const price = numbers(rows, () => 5 + 10 * random());
  const target = days.map((day, row) => {
    const season = Math.sin((2 * Math.PI * day) / 365.25);
    const weekend = dayOf(day).getUTCDay() % 6 === 0 ? 0.3 : 0;
    return Math.exp(4 + day / 3000 + 0.4 * season + weekend - 0.05 * price[row] + 0.15 * normal(random));
  });
  const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  return {
    columns: {
      day: { values: days },
      month: { values: days.map((day) => dayOf(day).getUTCMonth() + 1) },
      weekday: { values: days.map((day) => weekdays[dayOf(day).getUTCDay()]) },
      price: { values: price },
    },
    target,
  };
}

/** Two classes, one row in a hundred of the second. */
export function rareClass(rows: number, seed: number): RawTable {
  const random = seeded(seed);
  const columns = Array.from({ length: 10 }, () => numbers(rows, () => normal(random)));
  const target = Array.from({ length: rows }, (_, row) => {
    const [a, b, c, d] = columns.map((column) => column[row]);
    const margin = -5.9 + a + 0.8 * b * (c > 0 ? 1 : -1) + 0.5 * Math.max(0, d);
    return random() < 1 / (1 + Math.exp(-margin)) ? "yes" : "no";
  });
  return { columns: named(columns), target };
}

/** Many classes of unequal size around centres of their own. */
export function manyClasses(rows: number, classes: number, seed: number): RawTable {
  const random = seeded(seed);
  const centres = Array.from({ length: classes }, () => numbers(12, () => 1.6 * normal(random)));
  const chosen = Array.from({ length: rows }, () => Math.floor(random() ** 1.5 * classes));
  const columns = Array.from({ length: 12 }, (_, at) =>
    chosen.map((label) => (at < 9 ? centres[label][at] : 0) + 1.5 * normal(random)),
  );
  return { columns: named(columns), target: chosen.map((label) => `c${String(label).padStart(2, "0")}`) };
}
