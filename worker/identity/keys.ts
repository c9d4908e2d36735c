// API keys as text: apk_ for programs, pk_ for pages, then an id that may be shown and a secret that may not.
import type { KeyKind } from "#core/api/identity.ts";
import { newId, newSecret } from "./secrets.ts";

const prefixes: Readonly<Record<KeyKind, string>> = { secret: "apk", publishable: "pk" };

export interface MadeKey {
  /** Prefix and public part: what the log, the ledger and the lists say. */
  readonly id: string;
  /** The whole key. */
  readonly text: string;
}

export function makeKey(kind: KeyKind): MadeKey {
  const id = `${prefixes[kind]}_${newId()}`;
  return { id, text: `${id}_${newSecret()}` };
}

/** The id in a text that looks like a key; undefined for any other text. */
export function findKeyId(text: string): string | undefined {
  return /^((?:apk|pk)_[0-9a-f]{16})_[\w-]{43}$/.exec(text)?.[1];
}

/** Whether a subject is a key and no person. */
export function isKeyId(subject: string): boolean {
  return /^(?:apk|pk)_/.test(subject);
}
