// Moments in queries: both ways of saying one are the same millisecond, and anything else is none.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findInstant, Instant } from "#core/api/instant.ts";

describe("a moment", () => {
  it("is the same in milliseconds and in RFC 3339, in any zone", () => {
    const time = fc.date({
      min: new Date(0),
      max: new Date("9998-12-31T00:00:00Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(time, fc.integer({ min: -23, max: 23 }), (date, hours) => {
        const ms = date.getTime();
        expect(findInstant(String(ms))).toBe(ms);
        expect(findInstant(date.toISOString())).toBe(ms);
        const zone = `${hours < 0 ? "-" : "+"}${String(Math.abs(hours)).padStart(2, "0")}:00`;
        const shifted = new Date(ms + hours * 3_600_000).toISOString();
        fc.pre(/^\d{4}-/.test(shifted));
        expect(findInstant(shifted.replace("Z", zone))).toBe(ms);
      }),
    );
  });

  it.each([
    "",
    " ",
    "-1",
    "1e3",
    "0x10",
    "now",
    "2026-11-21",
    "2026-11-21T10:00:00",
    "2026-02-30T10:00:00Z",
    "9".repeat(17),
  ])("is not %j", (text) => {
    expect(findInstant(text)).toBeUndefined();
    expect(Instant.safeParse(text).success).toBe(false);
  });

  it("is undefined or a whole number of milliseconds, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 70 }), (text) => {
        const found = findInstant(text);
        expect(found === undefined || Number.isInteger(found)).toBe(true);
      }),
    );
  });
});
