// Positions on the ground: projected there and back, distances against known ones, windows that hold what they shall, tiles in their places.
import { describe, expect, it } from "vitest";
import {
  distanceKm,
  placeIn,
  pointAt,
  ringsWithin,
  tilesOf,
  toPosition,
  toWorld,
  windowAround,
  windowOver,
  worldPerKm,
} from "../../web/widget/ground.ts";

const paris = { latitude: 48.8566, longitude: 2.3522 };
const london = { latitude: 51.5074, longitude: -0.1278 };
const sydney = { latitude: -33.8688, longitude: 151.2093 };

describe("positions", () => {
  it.each([paris, london, sydney])("are projected there and back: %o", (position) => {
    const { latitude, longitude } = toPosition(toWorld(position));
    expect(latitude).toBeCloseTo(position.latitude, 9);
    expect(longitude).toBeCloseTo(position.longitude, 9);
  });

  it("are as far apart as they are", () => {
    expect(distanceKm(paris, london)).toBeCloseTo(343.6, 0);
    expect(distanceKm(london, sydney) / 16_993.9).toBeCloseTo(1, 3);
    expect(distanceKm({ latitude: 0, longitude: 179.5 }, { latitude: 0, longitude: -179.5 })).toBeCloseTo(
      111.2,
      1,
    );
    expect(distanceKm(paris, paris)).toBe(0);
  });

  it("are drawn to scale near the middle of the map", () => {
    const near = { latitude: paris.latitude + 0.01, longitude: paris.longitude };
    const apart = Math.abs(toWorld(near).y - toWorld(paris).y);
    expect(apart / worldPerKm(paris) / distanceKm(paris, near)).toBeCloseTo(1, 2);
  });
});

describe("a window", () => {
  it("around a place holds all the others, with that place in its middle", () => {
    const others = [london, { latitude: 48, longitude: 3 }];
    const window = windowAround(paris, others, 1.6);
    expect(placeIn(window, toWorld(paris))).toEqual({ x: 0.5, y: 0.5 });
    for (const other of others) {
      const { x, y } = placeIn(window, toWorld(other));
      for (const share of [x, y]) expect(share > 0 && share < 1).toBe(true);
    }
  });

  it("over places holds them and little more, also a single one", () => {
    const window = windowOver([paris, london], 1.6);
    const [a, b] = [paris, london].map((one) => placeIn(window, toWorld(one)));
    for (const share of [a.x, a.y, b.x, b.y]) expect(share > 0 && share < 1).toBe(true);
    expect(Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y))).toBeGreaterThan(0.8);
    expect(windowOver([paris], 1.6).half).toBeGreaterThan(0);
  });

  it("tells which point was pressed", () => {
    const window = windowOver([paris, london], 1.6);
    const { latitude, longitude } = toPosition(pointAt(window, placeIn(window, toWorld(london))));
    expect(latitude).toBeCloseTo(london.latitude, 9);
    expect(longitude).toBeCloseTo(london.longitude, 9);
  });
});

describe("rings", () => {
  it("are two or three round distances within reach", () => {
    expect([0.3, 1, 2.4, 9, 47, 1000].map(ringsWithin)).toEqual([
      ...[
        [0.1, 0.2, 0.3],
        [0.5, 1],
        [1, 2],
        [2, 4, 6],
        [20, 40],
        [500, 1000],
      ],
    ]);
  });
});

describe("tiles", () => {
  it("cover the window, each at its own address", () => {
    const window = windowOver([paris, { latitude: 48.9, longitude: 2.5 }], 1.6);
    const tiles = tilesOf("https://map.example/{z}/{x}/{y}.png", window, 400);
    expect(tiles.length).toBeGreaterThan(1);
    expect(tiles.length).toBeLessThan(16);
    expect(new Set(tiles.map(({ url }) => url)).size).toBe(tiles.length);
    expect(Math.min(...tiles.map(({ left }) => left))).toBeLessThanOrEqual(0);
    expect(Math.max(...tiles.map(({ left, across }) => left + across))).toBeGreaterThanOrEqual(1);
    expect(Math.max(...tiles.map(({ top, down }) => top + down))).toBeGreaterThanOrEqual(1);
    // The tile of OpenStreetMap's own numbering that holds Paris.
    const [, zoom, column, row] = /(\d+)\/(\d+)\/(\d+)\.png/.exec(tiles[0].url)!.map(Number);
    expect(zoom).toBeGreaterThan(9);
    const { x, y } = toWorld(paris);
    expect(column).toBeLessThanOrEqual(Math.floor(x * 2 ** zoom));
    expect(row).toBeLessThanOrEqual(Math.floor(y * 2 ** zoom));
  });
});
