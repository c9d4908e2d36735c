// Distances on the ground, and cells: whatever lies within a distance lies in the ranges that cover it, at poles and antimeridian too.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CellRange, cellOf, coverDisc, groundKm, type Position } from "#core/dataset/ground.ts";

const latitude = fc.oneof(
  fc.double({ min: -90, max: 90, noNaN: true }),
  fc.constantFrom(-90, 90, 0, 89.9999, -89.9999),
);
const longitude = fc.oneof(
  fc.double({ min: -180, max: 180, noNaN: true }),
  fc.constantFrom(-180, 180, 0, 179.9999, -179.9999),
);
const position = fc.record({ latitude, longitude });
const isCovered = (ranges: readonly CellRange[], cell: number) =>
  ranges.some(({ from, to }) => from <= cell && cell <= to);

describe("groundKm", () => {
  it("is the great circle's length", () => {
    const paris = { latitude: 48.8566, longitude: 2.3522 };
    const london = { latitude: 51.5074, longitude: -0.1278 };
    expect(groundKm(paris, london)).toBeCloseTo(343.556, 2);
    expect(groundKm({ latitude: 0, longitude: 179.5 }, { latitude: 0, longitude: -179.5 })).toBeCloseTo(
      111.195,
      2,
    );
    expect(groundKm({ latitude: 90, longitude: 12 }, { latitude: 90, longitude: -170 })).toBeCloseTo(0, 9);
    expect(groundKm({ latitude: 0, longitude: 0 }, { latitude: 0, longitude: 180 })).toBeCloseTo(
      Math.PI * 6371.0088,
      6,
    );
  });

  it("is 0 from a position to itself, and the same both ways", () => {
    fc.assert(
      fc.property(position, position, (a, b) => {
        expect(groundKm(a, a)).toBe(0);
        expect(groundKm(a, b)).toBeCloseTo(groundKm(b, a), 9);
      }),
    );
  });
});

describe("cells", () => {
  it("are whole numbers below 2^52, the corners of the map included", () => {
    fc.assert(
      fc.property(position, (at) => {
        const cell = cellOf(at);
        expect(Number.isSafeInteger(cell) && cell >= 0 && cell < 2 ** 52).toBe(true);
      }),
    );
    expect(cellOf({ latitude: -90, longitude: -180 })).toBe(0);
    expect(cellOf({ latitude: 90, longitude: 180 })).toBe(2 ** 52 - 1);
  });

  it("cover a disc: whatever is within it has a cell in one of few ranges", () => {
    const near = fc.record({
      north: fc.double({ min: -1, max: 1, noNaN: true }),
      east: fc.double({ min: -1, max: 1, noNaN: true }),
    });
    const reach = fc.double({ min: -4, max: 4.3, noNaN: true }).map((power) => 10 ** power);
    fc.assert(
      fc.property(position, reach, near, position, (center, km, { north, east }, anywhere) => {
        const ranges = coverDisc(center, km);
        expect(ranges.length).toBeLessThanOrEqual(48);
        // A point drawn around the disc, and one drawn anywhere: both are held to the same rule.
        const degrees = km / 111.195;
        const wide = degrees / Math.max(1e-6, Math.cos((center.latitude * Math.PI) / 180));
        const wrapped = ((((center.longitude + east * wide + 180) % 360) + 360) % 360) - 180;
        const beside: Position = {
          latitude: Math.min(90, Math.max(-90, center.latitude + north * degrees)),
          longitude: wrapped,
        };
        for (const point of [center, beside, anywhere])
          if (groundKm(center, point) <= km) expect(isCovered(ranges, cellOf(point))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it("cover a small disc tightly: the ranges hold no more than some times its ground", () => {
    const ranges = coverDisc({ latitude: 38.58, longitude: -121.49 }, 1);
    const cells = ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    const cellKm2 =
      (180 / 2 ** 26) * 111.195 * ((360 / 2 ** 26) * 111.195 * Math.cos((38.58 * Math.PI) / 180));
    expect(cells * cellKm2).toBeLessThan(3 * Math.PI);
  });
});
