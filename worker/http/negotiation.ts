// Content negotiation: which of the types that a route can answer in the reader likes best (RFC 9110, 12.5.1).
import { quoted } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";

interface Range {
  readonly type: string;
  readonly weight: number;
}

/** More ranges than this are not looked at: no reader has so many wishes. */
const maxRanges = 32;

function parseAccept(header: string): Range[] {
  return header
    .split(",", maxRanges)
    .map((part) => {
      const [type, ...parameters] = part.split(";").map((one) => one.trim().toLowerCase());
      const weight = parameters.find((one) => one.startsWith("q="))?.slice(2);
      return { type, weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight >= 0 && weight <= 1);
}

/** The weight that the most specific range gives to a type; 0 where none speaks of it. */
function weightOf(ranges: readonly Range[], type: string): number {
  const [group] = type.split("/");
  for (const wanted of [type, `${group}/*`, "*/*"]) {
    const range = ranges.find((one) => one.type === wanted);
    if (range) return range.weight;
  }
  return 0;
}

/** The best liked of `offered`, the earliest of equals; throws a refusal where the header takes none of them. */
export function negotiateType<T extends string>(header: string | undefined, offered: readonly T[]): T {
  const ranges = parseAccept(header?.trim() || "*/*");
  const [best] = offered
    .map((type) => ({ type, weight: weightOf(ranges, type) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  if (best) return best.type;
  throw new Refusal(
    "not-acceptable",
    `expected Accept to take ${offered.join(" or ")}; got ${quoted(header)}`,
  );
}
