// How series are told apart: by a shape and a tone of their own, never by colour alone.

interface Look {
  readonly color: string;
  readonly symbol: "circle" | "square" | "triangle" | "diamond" | "star" | "times";
  readonly sign: string;
}

const looks: readonly Look[] = [
  { color: "var(--tone-1)", symbol: "circle", sign: "●" },
  { color: "var(--tone-2)", symbol: "square", sign: "■" },
  { color: "var(--tone-3)", symbol: "triangle", sign: "▲" },
  { color: "var(--tone-4)", symbol: "diamond", sign: "◆" },
];

/** The look of each name, in the order given; beyond four they repeat. */
export function looksOf(names: readonly string[]): ReadonlyMap<string, Look> {
  return new Map(names.map((name, at) => [name, looks[at % looks.length]]));
}

/** Whether values spread so far that only a logarithmic axis shows them all. */
export function needsLogarithm(values: readonly number[]): boolean {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const widest = 5;
  return low > 0 && high / low > widest;
}
