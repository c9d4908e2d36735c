// Conditional requests (RFC 9110, 13.1): what If-Match and If-None-Match ask for, held against the revision that is there.
import { quoted } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";

export const etagOf = (revision: number) => `"${revision}"`;

const tag = '(?:W/)?"[\\x21\\x23-\\x7e\\x80-\\xff]*"';
const tagList = new RegExp(`^\\s*(?:\\*|${tag}(?:\\s*,\\s*${tag})*)\\s*$`);
const maxHeaderCharacters = 2000;

/** The entity tags of a header, or ["*"]. Throws a refusal for what is neither. */
export function parseTags(name: string, header: string): string[] {
  if (header.length <= maxHeaderCharacters && tagList.test(header))
    return header.split(",").map((one) => one.trim());
  const detail = `expected an ETag in quotes, as "3", several by comma, or *; got ${quoted(header)}`;
  throw new Refusal("malformed", `${name} is wrong: ${detail}`, {
    errors: [{ pointer: `/${name}`, detail }],
  });
}

/** What If-Match asks for: any of these tags, or whatever is there. */
export interface MatchCondition {
  readonly isAny: boolean;
  readonly holds: (revision: number) => boolean;
}

/** Reads If-Match; throws 428 where it is missing. Weak tags never match (RFC 9110, 13.1.1). */
export function parseIfMatch(header: string | undefined, what: string): MatchCondition {
  if (header === undefined)
    throw new Refusal(
      "precondition-required",
      `expected If-Match with the ETag of the ${what} as it was read`,
    );
  const tags = parseTags("If-Match", header);
  const isAny = tags[0] === "*";
  return { isAny, holds: (revision) => isAny || tags.includes(etagOf(revision)) };
}

/** Whether If-None-Match says that the reader has what `etag` names; weak tags count (RFC 9110, 13.1.2). */
export function isKnownTag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const tags = parseTags("If-None-Match", header).map((one) => one.replace(/^W\//, ""));
  return tags.includes(etag) || tags[0] === "*";
}

/** Whether the reader has this revision already. */
export function isKnown(header: string | undefined, revision: number): boolean {
  return isKnownTag(header, etagOf(revision));
}
