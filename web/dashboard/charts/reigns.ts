// The spans of time in which an alias pointed to one model.
import type { AliasMove } from "../answers.ts";

export interface Reign {
  readonly model: string;
  readonly from: Date;
  readonly to: Date;
}

/** `moves` newest first, as the API lists them; the present reign ends at `now`. */
export function reignsOf(moves: readonly AliasMove[], now: number): Reign[] {
  return moves.flatMap(({ model, time }, at) => {
    if (model === null) return [];
    const end = at === 0 ? Math.max(now, Date.parse(time)) : Date.parse(moves[at - 1].time);
    return [{ model, from: new Date(time), to: new Date(end) }];
  });
}
