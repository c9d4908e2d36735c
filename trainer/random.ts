// The trainer's randomness: core's seeded numbers, and what is drawn with them.
import { type Random, seeded } from "#core/random.ts";

export { type Random, seeded };

/** Fisher-Yates, in place; returns the same array. */
export function shuffle<T extends { length: number; [index: number]: unknown }>(items: T, random: Random): T {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const held = items[i];
    items[i] = items[j];
    items[j] = held;
  }
  return items;
}
