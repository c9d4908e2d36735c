// JSON as callers send it: bounded in depth, without a name given twice, and refused without quoting the body.
import { toPointer } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import { limits } from "./limits.ts";

const [space, quote, colon, backslash] = [0x20, 0x22, 0x3a, 0x5c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/** A name of an object as JSON reads it; undefined where it is no JSON string. */
function nameOf(literal: string): string | undefined {
  if (!literal.includes("\\")) return literal.slice(1, -1);
  try {
    return JSON.parse(literal);
  } catch {
    return undefined;
  }
}

/** Where the string that starts at `at` ends: the place of its closing quote, or the end of the text. */
function closingQuote(text: string, at: number): number {
  let end = at + 1;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === backslash) end++;
    else if (code === quote) break;
  }
  return Math.min(end, text.length);
}

function isName(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= space) at++;
  return text.charCodeAt(at) === colon;
}

/**
 * One pass over the text before anything recursive meets it. Refuses brackets nested deeper than the limit, and an object that gives one
 * name twice: JSON.parse would keep the last value in silence.
 */
export function checkStructure(text: string): void {
  /** The names of each open object; undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      const end = closingQuote(text, at);
      const names = open[open.length - 1];
      if (names && isName(text, end + 1)) {
        const name = nameOf(text.slice(at, end + 1));
        if (name !== undefined && names.has(name)) {
          const detail = "the name is given twice in one object";
          const errors = [{ pointer: toPointer([name.slice(0, 64)]), detail }];
          throw new Refusal("malformed", `"${name.slice(0, 64)}": ${detail}`, { errors });
        }
        if (name !== undefined) names.add(name);
      }
      at = end;
    } else if (code === openBrace || code === openBracket) {
      open.push(code === openBrace ? new Set() : undefined);
      if (open.length > limits.jsonDepth)
        throw new Refusal("malformed", `the JSON is nested deeper than ${limits.jsonDepth} levels`);
    } else if (code === closeBrace || code === closeBracket) open.pop();
  }
}

/** Parses JSON; the refusal names the place and never quotes the body. */
export function parseJson(text: string, what = "the body"): unknown {
  checkStructure(text);
  try {
    return JSON.parse(text);
  } catch (error) {
    const place = /position \d+( \(line \d+ column \d+\))?/.exec((error as Error).message)?.[0];
    const where = text.trim() === "" ? "it is empty" : (place ?? "it breaks off or holds what JSON has not");
    throw new Refusal("malformed", `${what} is not JSON: ${where}`);
  }
}
