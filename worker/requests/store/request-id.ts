// Ids of requests: UUID version 7 (RFC 9562, 5.7), whose first 48 bits are the time, so that ids sort as the requests came.
import { hexOf } from "../../storage/content.ts";

const dashed = (hex: string) =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");

const randomBytes = 10;
/** Random bytes for the ids to come: asking the platform for each costs more than all the rest. */
let pool = new Uint8Array(0);
let used = 0;

/** A fresh id for a request at `time` (ms since 1970): 74 random bits beside it. */
export function newRequestId(time: number): string {
  if (used === pool.length) {
    pool = crypto.getRandomValues(new Uint8Array(128 * randomBytes));
    used = 0;
  }
  const random = pool.subarray(used, used + randomBytes);
  used += randomBytes;
  random[0] = 0x70 | (random[0] & 0x0f);
  random[2] = 0x80 | (random[2] & 0x3f);
  return dashed(time.toString(16).padStart(12, "0") + hexOf(random));
}

/** What sorts before every id of `time` and after every earlier one. */
export function lowestIdAt(time: number): string {
  return dashed(Math.max(0, Math.floor(time)).toString(16).padStart(12, "0")).replace(/-+$/, "");
}

/** When the request of an id came, as RFC 3339; undefined for an id that begins with no time. */
export function timeOfId(id: string): string | undefined {
  const time = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
