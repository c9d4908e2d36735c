// Positions on the ground: how far two are apart, and cells on a curve, so that an index of numbers finds what is near.
//
// The curve is the one of geohash (Morton, 1966): the bits of latitude and longitude in turn. H3 and S2 divide the ground more evenly,
// but their libraries weigh more than the Worker may grow by, and their 64-bit cells are no JavaScript numbers.

export interface Position {
  /** Degrees north and east. */
  readonly latitude: number;
  readonly longitude: number;
}

/** Mean radius of the Earth (IUGG). */
const earthKm = 6371.0088;
const radians = Math.PI / 180;

/** Kilometres along the great circle, on a sphere: within 0.5 % of the ellipsoid. Source: the haversine formula. */
export function groundKm(a: Position, b: Position): number {
  const sinLatitude = Math.sin(((b.latitude - a.latitude) * radians) / 2);
  const sinLongitude = Math.sin(((b.longitude - a.longitude) * radians) / 2);
  const h =
    sinLatitude ** 2 + Math.cos(a.latitude * radians) * Math.cos(b.latitude * radians) * sinLongitude ** 2;
  return 2 * earthKm * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Bits of each coordinate in a cell: 26 make cells of at most 0.3 m by 0.6 m, and numbers below 2^52. */
export const cellBits = 26;
const steps = 2 ** cellBits;
const half = cellBits / 2;

/** Which of 2^26 equal steps of its range a coordinate lies in. */
const stepOf = (degrees: number, most: number) =>
  Math.min(steps - 1, Math.max(0, Math.floor(((degrees + most) / (2 * most)) * steps)));

/** The lowest 16 bits, each followed by a 0. */
function spread(value: number): number {
  let bits = (value | (value << 8)) & 0x00ff00ff;
  bits = (bits | (bits << 4)) & 0x0f0f0f0f;
  bits = (bits | (bits << 2)) & 0x33333333;
  return (bits | (bits << 1)) & 0x55555555;
}

function interleave(y: number, x: number): number {
  const low = 2 ** half - 1;
  const pair = (a: number, b: number) => spread(a) * 2 + spread(b);
  return pair(y >> half, x >> half) * 2 ** cellBits + pair(y & low, x & low);
}

/** The cell that holds a position: an integer below 2^52. */
export function cellOf({ latitude, longitude }: Position): number {
  return interleave(stepOf(latitude, 90), stepOf(longitude, 180));
}

/** Cells `from` to `to`, both included. */
export interface CellRange {
  readonly from: number;
  readonly to: number;
}

/** In degrees. */
interface Box {
  readonly south: number;
  readonly north: number;
  readonly west: number;
  readonly east: number;
}

/** What rounding may move the edge of a disc by, in radians: 0.6 mm. */
const slack = 1e-10;

/** Boxes of latitude and longitude that hold all within `km`; two where the disc lies across the antimeridian. */
function boxesAround({ latitude, longitude }: Position, km: number): Box[] {
  const angle = km / earthKm + slack;
  const south = latitude - angle / radians;
  const north = latitude + angle / radians;
  const sides = { south: Math.max(-90, south), north: Math.min(90, north) };
  // A disc over a pole has every longitude.
  if (south <= -90 || north >= 90) return [{ ...sides, west: -180, east: 180 }];
  const aside = Math.asin(Math.min(1, Math.sin(angle) / Math.cos(latitude * radians)));
  const reach = (aside + slack) / radians;
  const west = longitude - reach;
  const east = longitude + reach;
  // The meridian of 180 degrees is that of -180, and items may have either.
  if (west <= -180)
    return [
      { ...sides, west: -180, east },
      { ...sides, west: Math.min(180, west + 360), east: 180 },
    ];
  if (east >= 180)
    return [
      { ...sides, west, east: 180 },
      { ...sides, west: -180, east: Math.max(-180, east - 360) },
    ];
  return [{ ...sides, west, east }];
}

/** How many cells a box is covered with at most. */
const mostCells = 24;

function coverBox({ south, north, west, east }: Box): CellRange[] {
  const [y0, y1] = [stepOf(south, 90), stepOf(north, 90)];
  const [x0, x1] = [stepOf(west, 180), stepOf(east, 180)];
  let bits = 0;
  while (((y1 >> bits) - (y0 >> bits) + 1) * ((x1 >> bits) - (x0 >> bits) + 1) > mostCells) bits++;
  const size = 4 ** bits;
  const cells: CellRange[] = [];
  for (let y = y0 >> bits; y <= y1 >> bits; y++)
    for (let x = x0 >> bits; x <= x1 >> bits; x++) {
      const from = interleave(y << bits, x << bits);
      cells.push({ from, to: from + size - 1 });
    }
  return cells;
}

/** A few ranges of cells, in order and apart, that hold every position within `km` of the center, and some beyond. */
export function coverDisc(center: Position, km: number): CellRange[] {
  const cells = boxesAround(center, km)
    .flatMap(coverBox)
    .sort((a, b) => a.from - b.from);
  const ranges: CellRange[] = [];
  for (const cell of cells) {
    const last = ranges.at(-1);
    if (last && cell.from <= last.to + 1)
      ranges[ranges.length - 1] = { from: last.from, to: Math.max(last.to, cell.to) };
    else ranges.push(cell);
  }
  return ranges;
}
