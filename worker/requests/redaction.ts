// What the log must not know: secrets are masked, and bodies are cut to a bounded length.
import type { Row } from "#core/dataset/row.ts";

const secretNames =
  "client_secret|\\w*password|passwd|secret|token|access_token|refresh_token|id_token|api_key|apikey|authorization";
const mask = "[redacted]";

// The closing quote may be missing: a body can break off inside its secret.
const jsonField = new RegExp(
  `("(?:${secretNames})"\\s*:\\s*)(?:"(?:[^"\\\\]|\\\\.)*"?|[^\\s,}\\]"]+)`,
  "gis",
);
const formField = new RegExp(`((?:^|[&?])(?:${secretNames})=)[^&\\s]*`, "gi");

// Our own tokens and keys are masked wherever they stand: in a field that nobody thought of, in a path, in a message. A key's id may be known.
const ownKey = /\b((?:apk|pk)_[0-9a-f]{16}_)[\w-]+/g;
const ownToken = /\b(?:rt_[\w-]{16,}|eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?)/g;

function redact(text: string): string {
  return text
    .replace(jsonField, `$1"${mask}"`)
    .replace(formField, `$1${mask}`)
    .replace(ownKey, `$1${mask}`)
    .replace(ownToken, mask);
}

const jsonBytes = (text: string) => new TextEncoder().encode(JSON.stringify(text)).length;

/** The start of a text that takes at most `bytes` as a JSON string in UTF-8. */
function cutText(text: string, bytes: number): string {
  if (text.length * 6 <= bytes || jsonBytes(text) <= bytes) return text;
  let cut = text.slice(0, bytes);
  for (let size = jsonBytes(cut); size > bytes; size = jsonBytes(cut)) {
    cut = cut.slice(0, Math.floor((cut.length * bytes) / size) - 1);
  }
  // Half a surrogate pair is no text.
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/**
 * Text as the log keeps it: the values of secret fields masked, in JSON, forms and queries, and cut to `bytes`; what was cut says so.
 * `isBeginning`: more follows after `text`.
 */
export function loggable(text: string, bytes: number, isBeginning = false): string {
  // What lies far beyond the bound need not be searched: it is cut off anyway. A zero byte ends a text for some readers of SQLite.
  const start = text.slice(0, 2 * bytes);
  const clean = redact(start).replaceAll("\0", "\uFFFD");
  const cut = cutText(clean, bytes);
  if (isBeginning) return `${cut}… [truncated]`;
  const isWhole = cut.length === clean.length && start.length === text.length;
  return isWhole ? cut : `${cut}… [truncated: ${text.length} characters]`;
}

/** A checked row as the log keeps it, so that it can be priced again: its fields are features of the spec, whatever they are called. */
export function loggableRow(row: Row, bytes: number): string {
  const text = JSON.stringify(row);
  return text.length * 6 <= bytes || jsonBytes(text) <= bytes ? text : loggable(text, bytes);
}
