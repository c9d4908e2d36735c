// Numbers and times given as options.
import { InvalidArgumentError } from "commander";

function parseInteger(text: string, minimum: number, maximum: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= minimum && value <= maximum) return value;
  throw new InvalidArgumentError(`Expected a whole number from ${minimum} to ${maximum}.`);
}

export function parseCount(text: string): number {
  return parseInteger(text, 1, 1000);
}

/** How many things are kept, or which revision is meant. */
export function parseNatural(text: string): number {
  return parseInteger(text, 0, 1_000_000);
}

/** As many as a manifest lists. */
export function parseTrials(text: string): number {
  return parseInteger(text, 1, 10_000);
}

export function parsePort(text: string): number {
  return parseInteger(text, 1, 65_535);
}

export function parseThreads(text: string): number {
  return parseInteger(text, 1, 256);
}

export function parseSeed(text: string): number {
  return parseInteger(text, 0, 2 ** 32 - 1);
}

const unitsMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of 90, 90s, 10m or 2h; a bare number is seconds. */
export function parseDuration(text: string): number {
  const [, amount, unit = "s"] = /^(\d+(?:\.\d+)?)([smh])?$/.exec(text) ?? [];
  const milliseconds = Number(amount) * unitsMs[unit];
  if (milliseconds > 0 && Number.isFinite(milliseconds)) return milliseconds;
  throw new InvalidArgumentError("Expected a time above 0, such as 90, 90s, 10m or 2h.");
}
