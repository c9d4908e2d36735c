// Scales that people rate on, each from low to high: levels that all stand on one of them are ordered.

const scales: readonly (readonly string[])[] = [
  "very poor|poor|below average|fair|typical|average|above average|good|very good|premium|excellent|ideal|very excellent",
  "poor|fair|average|typical|good|excellent",
  "bad|poor|ok|okay|medium|good|very good|great|excellent|perfect",
  "damaged|salvage|worn|used|fair|good|like new|new",
  "xxs|xs|s|m|l|xl|xxl|xxxl|2xl|3xl",
  "tiny|small|medium|large|huge|extra large",
  "very low|low|moderate|medium|high|very high",
  "none|low|medium|high",
  "none|mild|moderate|severe",
  "never|rarely|seldom|sometimes|often|usually|always",
  "strongly disagree|disagree|neutral|agree|strongly agree",
  "very unhappy|unhappy|neutral|happy|very happy",
  "bronze|silver|gold|platinum|diamond",
  "basic|standard|premium",
  "beginner|intermediate|advanced|expert",
  "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec",
  "january|february|march|april|may|june|july|august|september|october|november|december",
  "mon|tue|wed|thu|fri|sat|sun",
  "monday|tuesday|wednesday|thursday|friday|saturday|sunday",
  "first|second|third|fourth|fifth",
].map((scale) => scale.split("|"));

const plain = (level: string) =>
  level
    .trim()
    .toLowerCase()
    .replaceAll(/[_\s-]+/g, " ");

/** The levels from low to high where all of them stand on one scale; undefined where they do not, or are fewer than three. */
export function orderLevels(levels: readonly string[]): string[] | undefined {
  if (levels.length < 3) return undefined;
  const places = (scale: readonly string[]) => levels.map((level) => scale.indexOf(plain(level)));
  const scale = scales.find((one) => {
    const found = places(one);
    return found.every((place) => place >= 0) && new Set(found).size === found.length;
  });
  if (scale) return [...levels].sort((a, b) => scale.indexOf(plain(a)) - scale.indexOf(plain(b)));
  // "1 star", "2 stars", "grade 3": a number with one word around it.
  const numbered = levels.map((level) => /^(\D{0,20}?)\s*(\d{1,3})\s*(\D{0,20}?)$/.exec(plain(level)));
  const words = new Set(
    numbered.map((match) => (match ? `${match[1]}|${match[3].replace(/s$/, "")}` : undefined)),
  );
  if (words.size !== 1 || words.has(undefined) || words.has("|")) return undefined;
  const place = (level: string) => Number(/\d+/.exec(level)?.[0]);
  return levels.length <= 20 ? [...levels].sort((a, b) => place(a) - place(b)) : undefined;
}
