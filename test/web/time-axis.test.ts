// Labels of time axes: the clock, the day or the month by the step between ticks, never a raw stamp.
import { describe, expect, it } from "vitest";
import { tickWords, timeSpan } from "../../web/dashboard/charts/time-axis.ts";

const words = (...ticks: Date[]) => ticks.map((tick, at) => tickWords(tick, at, ticks));

describe("time axes", () => {
  it("write the clock, with the date below the first tick and each new day", () => {
    const ticks = [18, 21, 24].map((hour) => new Date(2026, 10, 30, hour));
    expect(words(...ticks)).toEqual(["18:00\nNov 30", "21:00", "00:00\nDec 1"]);
  });

  it("write seconds only where ticks are closer than a minute", () => {
    const ticks = [0, 15].map((second) => new Date(2026, 10, 30, 9, 5, second));
    expect(words(...ticks)).toEqual(["09:05:00\nNov 30", "09:05:15"]);
  });

  it("write days, and months with their year", () => {
    expect(words(new Date(2026, 0, 31), new Date(2026, 1, 2))).toEqual(["Jan 31", "Feb 2"]);
    expect(words(new Date(2026, 0, 1), new Date(2026, 1, 1))).toEqual(["Jan 2026", "Feb 2026"]);
  });

  it("write one tick on its own with its date", () => {
    expect(words(new Date(2026, 10, 30, 12))).toEqual(["12:00\nNov 30"]);
  });

  it("span at least what they are asked to, evenly around the times", () => {
    const span = timeSpan(["2026-11-30T12:00:00Z"], 60_000);
    expect(span.map((time) => time.toISOString())).toEqual([
      "2026-11-30T11:59:30.000Z",
      "2026-11-30T12:00:30.000Z",
    ]);
  });
});
