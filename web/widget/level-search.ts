// Finding a level in a long list by some of its letters: case and accents are no difference.
import { didYouMean } from "#core/dataset/did-you-mean.ts";

/** More than this in one list helps nobody choose, and costs every key press. */
const mostShown = 100;

export interface FoundLevels {
  readonly levels: readonly string[];
  /** How many more there are. */
  readonly more: number;
  /** What may have been meant, where nothing is found. */
  readonly meant: string | undefined;
}

/** Without accents, in lower case, blanks at the ends taken away. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

const plainLevels = new WeakMap<readonly string[], readonly string[]>();

function plainOf(levels: readonly string[]): readonly string[] {
  const known = plainLevels.get(levels) ?? levels.map(plain);
  plainLevels.set(levels, known);
  return known;
}

/** 0 where the level begins with what is asked for, 1 where one of its words does, 2 where it holds it, 3 where it does not. */
function rank(level: string, asked: string): number {
  const at = level.indexOf(asked);
  if (at <= 0) return at === 0 ? 0 : 3;
  return /[\p{L}\p{N}]/u.test(level[at - 1]) ? 2 : 1;
}

/** The level that a text says in full, whatever its case and accents; undefined where none or several are. */
export function exactLevel(levels: readonly string[], text: string): string | undefined {
  if (levels.includes(text)) return text;
  const asked = plain(text);
  const alike = levels.filter((_, at) => plainOf(levels)[at] === asked);
  return alike.length === 1 ? alike[0] : undefined;
}

/** The levels that hold `text`, nearest first and in the order of the spec; all of them for an empty one. */
export function findLevels(levels: readonly string[], text: string): FoundLevels {
  const asked = plain(text);
  const ranked: string[][] = [[], [], []];
  plainOf(levels).forEach((level, at) => {
    const place = asked === "" ? 0 : rank(level, asked);
    if (place < 3) ranked[place].push(levels[at]);
  });
  const found = ranked.flat();
  return {
    levels: found.slice(0, mostShown),
    more: Math.max(0, found.length - mostShown),
    meant: found.length === 0 ? didYouMean(text, levels) : undefined,
  };
}
