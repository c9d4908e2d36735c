// Numbers given as options.
import { InvalidArgumentError } from "commander";

function parseInteger(text: string, minimum: number, maximum: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= minimum && value <= maximum) return value;
  throw new InvalidArgumentError(`Expected a whole number from ${minimum} to ${maximum}.`);
}

export function parseCount(text: string): number {
  return parseInteger(text, 1, 1000);
}

export function parseSeed(text: string): number {
  return parseInteger(text, 0, 2 ** 32 - 1);
}
