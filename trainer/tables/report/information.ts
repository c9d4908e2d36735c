// How much two columns of any type tell of one another: mutual information, and from it a strength that compares across types.
import type { Coded } from "./codes.ts";

export interface Information {
  readonly nats: number;
  /** 0 where the columns are independent, 1 where one settles the other; near |r| for two normal numbers. */
  readonly strength: number;
}

function entropyOf(counts: ArrayLike<number>, rows: number): number {
  let entropy = 0;
  for (let code = 0; code < counts.length; code++) {
    const part = counts[code] / rows;
    if (part > 0) entropy -= part * Math.log(part);
  }
  return entropy;
}

const present = (counts: ArrayLike<number>) => Array.from(counts).filter((count) => count > 0).length;

/**
 * Mutual information by counting, less what chance alone would give (Miller 1955: (a - 1)(b - 1) / 2n), and Linfoot's (1957) informational
 * coefficient of correlation sqrt(1 - exp(-2 I)), as a share of what the coarser of both columns allows.
 */
export function measureInformation(one: Coded, other: Coded): Information {
  const rows = one.codes.length;
  const joint = new Uint32Array(one.size * other.size);
  for (let row = 0; row < rows; row++) joint[one.codes[row] * other.size + other.codes[row]]++;
  const ones = new Float64Array(one.size);
  const others = new Float64Array(other.size);
  for (let a = 0; a < one.size; a++)
    for (let b = 0; b < other.size; b++) {
      ones[a] += joint[a * other.size + b];
      others[b] += joint[a * other.size + b];
    }
  const [h1, h2] = [entropyOf(ones, rows), entropyOf(others, rows)];
  const chance = ((present(ones) - 1) * (present(others) - 1)) / (2 * rows);
  const raw = h1 + h2 - entropyOf(joint, rows);
  const most = Math.min(h1, h2);
  // Where one settles the other, nothing of it is chance.
  const isSettled = raw > most - 1e-9;
  const nats = Math.max(0, isSettled ? raw : raw - chance);
  if (most <= 0 || rows === 0) return { nats: 0, strength: 0 };
  const strength = Math.sqrt((1 - Math.exp(-2 * nats)) / (1 - Math.exp(-2 * most)));
  return { nats, strength: Math.min(1, strength) };
}

export interface Group {
  /** Places of the columns. */
  readonly members: readonly number[];
  readonly weakest: number;
}

const groupStrength = 0.7;

/** Groups in which every pair is strongly associated: complete linkage, so that no chain joins what has nothing in common. */
export function groupColumns(strength: (one: number, other: number) => number, columns: number): Group[] {
  let groups: Group[] = Array.from({ length: columns }, (_, place) => ({ members: [place], weakest: 1 }));
  const between = (a: Group, b: Group) =>
    Math.min(...a.members.flatMap((one) => b.members.map((other) => strength(one, other))));
  for (;;) {
    let best: { a: Group; b: Group; weakest: number } | undefined;
    for (const [at, a] of groups.entries())
      for (const b of groups.slice(at + 1)) {
        const weakest = between(a, b);
        if (weakest >= (best?.weakest ?? groupStrength)) best = { a, b, weakest };
      }
    if (!best) break;
    const { a, b, weakest } = best;
    groups = groups.filter((group) => group !== a && group !== b);
    groups.push({
      members: [...a.members, ...b.members].sort((one, other) => one - other),
      weakest: Math.min(a.weakest, b.weakest, weakest),
    });
  }
  return groups.filter(({ members }) => members.length > 1).sort((a, b) => a.members[0] - b.members[0]);
}
