// The span of a time axis: what happened within a second is one moment to whoever looks back at it, not a picture of milliseconds.

/** From the first to the last of the times (ISO), widened evenly to `leastMs`. */
export function timeSpan(times: readonly string[], leastMs: number): [Date, Date] {
  const all = times.map((time) => Date.parse(time));
  const [first, last] = [Math.min(...all), Math.max(...all)];
  const missing = Math.max(0, leastMs - (last - first)) / 2;
  return [new Date(first - missing), new Date(last + missing)];
}

export const hourMs = 3_600_000;
