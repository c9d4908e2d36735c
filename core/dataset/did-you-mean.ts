// What someone may have meant by a name that is not known: the known name the fewest edits away.

/** Longer texts are no slips of a known name, and comparing them costs the product of both lengths. */
const longest = 100;

const plain = (text: string) => text.trim().toLowerCase();

/**
 * Edits that turn one text into the other: a character put in, left out or replaced, or two neighbours swapped (optimal string
 * alignment). More than `most` counts as Infinity.
 */
export function editDistance(from: string, to: string, most: number): number {
  if (Math.abs(from.length - to.length) > most) return Number.POSITIVE_INFINITY;
  let older: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      row[j] = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1])
        row[j] = Math.min(row[j], older[j - 2] + 1);
    }
    if (Math.min(...row) > most) return Number.POSITIVE_INFINITY;
    older = previous;
    previous = row;
  }
  return previous[to.length] > most ? Number.POSITIVE_INFINITY : previous[to.length];
}

/** The nearest of `known` within a third of the letters, at least one and at most three edits; case and outer blanks are no edits. */
export function didYouMean(given: string, known: readonly string[]): string | undefined {
  const asked = plain(given);
  if (asked === "" || asked.length > longest) return undefined;
  const most = Math.min(3, Math.max(1, Math.floor(asked.length / 3)));
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = editDistance(asked, plain(candidate), most);
    if (distance < least) {
      least = distance;
      best = candidate;
      if (distance === 0) break;
    }
  }
  return best;
}

/** "; did you mean \"Ideal\"?", or nothing where no known name is near. */
export function hint(given: unknown, known: readonly string[]): string {
  const meant = typeof given === "string" ? didYouMean(given, known) : undefined;
  return meant === undefined ? "" : `; did you mean "${meant.slice(0, longest)}"?`;
}

const listed = 20;

/** Names in a row, cut after the first few: a list of a thousand levels helps nobody. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, listed).map((name) => name.slice(0, longest));
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}
