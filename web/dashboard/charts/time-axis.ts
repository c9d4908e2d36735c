// Time axes in readable words. Plot's own labels fall back to raw ISO stamps if the ticks fit no interval it knows.

/** From the first to the last of the times (ISO), widened evenly to at least `leastMs`: models published within a second need no milliseconds. */
export function timeSpan(times: readonly string[], leastMs: number): [Date, Date] {
  const all = times.map((time) => Date.parse(time));
  const [first, last] = [Math.min(...all), Math.max(...all)];
  const missing = Math.max(0, leastMs - (last - first)) / 2;
  return [new Date(first - missing), new Date(last + missing)];
}

export const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Pixels that one label needs. */
const labelWidth = 110;

const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat("en", options);
const day = format({ day: "numeric", month: "short" });
const month = format({ month: "short", year: "numeric" });
const clock = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const seconds = format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

/** The words of tick `at`, in local time and as fine as the step between ticks. Clock times carry the date below where the day changes. */
export function tickWords(tick: Date, at: number, ticks: readonly Date[]): string {
  const stepMs = ticks.length > 1 ? ticks[1].getTime() - ticks[0].getTime() : hourMs;
  if (stepMs >= 28 * dayMs) return month.format(tick);
  // A day is an hour shorter where summer time begins.
  if (stepMs > dayMs / 2) return day.format(tick);
  const time = stepMs < 60_000 ? seconds : clock;
  const isSameDay = at > 0 && day.format(ticks[at - 1]) === day.format(tick);
  return isSameDay ? time.format(tick) : `${time.format(tick)}\n${day.format(tick)}`;
}

/** The x axis of a chart `width` pixels wide over `domain`. */
export function timeAxis(domain: [Date, Date], width: number) {
  return {
    type: "time" as const,
    domain,
    label: null,
    ticks: Math.max(3, Math.floor(width / labelWidth)),
    // Plot calls it as Array.map does; its types leave out the third argument.
    tickFormat: tickWords as (tick: Date, at: number) => string,
  };
}
