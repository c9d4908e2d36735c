// Positions on the ground as a map shows them: Web Mercator, distances along great circles, and rings of round distances.

export interface Position {
  /** Degrees north and east. */
  readonly latitude: number;
  readonly longitude: number;
}

/** A point of the map of the world: 0 to 1 from west to east, and from north to south. */
export interface WorldPoint {
  readonly x: number;
  readonly y: number;
}

const earthRadiusKm = 6371.0088;
const equatorKm = 40_075.0167;
/** Where Web Mercator ends: the map of the world is a square. */
const mostNorthern = 85.051129;

const radians = (degrees: number) => (degrees * Math.PI) / 180;

export function toWorld({ latitude, longitude }: Position): WorldPoint {
  const north = radians(Math.min(mostNorthern, Math.max(-mostNorthern, latitude)));
  return { x: (longitude + 180) / 360, y: (1 - Math.asinh(Math.tan(north)) / Math.PI) / 2 };
}

export function toPosition({ x, y }: WorldPoint): Position {
  const latitude = (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
  return { latitude, longitude: x * 360 - 180 };
}

/** The part of the map's width that a kilometre takes at this latitude. */
export function worldPerKm({ latitude }: Position): number {
  return 1 / (equatorKm * Math.cos(radians(Math.min(mostNorthern, Math.abs(latitude)))));
}

/** The great-circle distance (haversine, mean radius of the earth). */
export function distanceKm(a: Position, b: Position): number {
  const [north, east] = [radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)];
  const chord =
    Math.sin(north / 2) ** 2 +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(east / 2) ** 2;
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** Two or three round distances, 1, 2 or 5 times a power of ten, the largest of which is at most `reachKm`. */
export function ringsWithin(reachKm: number): number[] {
  const power = 10 ** Math.floor(Math.log10(reachKm / 2));
  const step = power * (reachKm / 2 >= 5 * power ? 5 : reachKm / 2 >= 2 * power ? 2 : 1);
  return [1, 2, 3].map((times) => Number((times * step).toPrecision(6))).filter((ring) => ring <= reachKm);
}

/** What a map shows: its middle and half of its height, in parts of the map of the world; it is `wide` times as wide as high. */
export interface MapWindow {
  readonly middle: WorldPoint;
  readonly half: number;
  readonly wide: number;
}

/** Where a point stands in the window: 0 to 1 from its left and from its top, beyond that outside. */
export function placeIn({ middle, half, wide }: MapWindow, { x, y }: WorldPoint): WorldPoint {
  return { x: (x - middle.x) / (2 * half * wide) + 0.5, y: (y - middle.y) / (2 * half) + 0.5 };
}

/** The point at a place in the window. */
export function pointAt({ middle, half, wide }: MapWindow, { x, y }: WorldPoint): WorldPoint {
  return { x: middle.x + (x - 0.5) * 2 * half * wide, y: middle.y + (y - 0.5) * 2 * half };
}

const margin = 1.15;
const leastKm = 0.25;

/** The window with `centre` in its middle that holds all of `positions`. */
export function windowAround(centre: Position, positions: readonly Position[], wide: number): MapWindow {
  const reachKm = Math.max(leastKm, ...positions.map((position) => distanceKm(centre, position)));
  return { middle: toWorld(centre), half: margin * reachKm * worldPerKm(centre), wide };
}

/** The smallest window that holds all of `positions`, at least one. */
export function windowOver(positions: readonly Position[], wide: number): MapWindow {
  const points = positions.map(toWorld);
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [west, east, north, south] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const least = leastKm * worldPerKm(positions[0]);
  const half = margin * Math.max(least, (south - north) / 2, (east - west) / 2 / wide);
  return { middle: { x: (west + east) / 2, y: (north + south) / 2 }, half, wide };
}

export interface Tile {
  readonly url: string;
  /** Its corner and size as parts of the window. */
  readonly left: number;
  readonly top: number;
  readonly across: number;
  readonly down: number;
}

const tilePixels = 256;
const mostZoom = 19;

/** The tiles of a map service that cover the window when it is so many pixels wide; `template` holds {z}, {x} and {y}. */
export function tilesOf(template: string, window: MapWindow, widthPx: number): Tile[] {
  const size = 2 * window.half;
  const zoom = Math.max(
    0,
    Math.min(mostZoom, Math.round(Math.log2(widthPx / (tilePixels * size * window.wide)))),
  );
  const count = 2 ** zoom;
  const first = pointAt(window, { x: 0, y: 0 });
  const last = pointAt(window, { x: 1, y: 1 });
  const tiles: Tile[] = [];
  for (let y = Math.floor(first.y * count); y < last.y * count; y++) {
    if (y < 0 || y >= count) continue;
    for (let x = Math.floor(first.x * count); x < last.x * count; x++) {
      // Beyond the date line the map begins again.
      const column = ((x % count) + count) % count;
      const place = { "{z}": zoom, "{x}": column, "{y}": y };
      const url = Object.entries(place).reduce(
        (text, [mark, value]) => text.replaceAll(mark, String(value)),
        template,
      );
      const { x: left, y: top } = placeIn(window, { x: x / count, y: y / count });
      tiles.push({ url, left, top, across: 1 / count / (size * window.wide), down: 1 / count / size });
    }
  }
  return tiles;
}
