// What the log must not know: secrets are masked, and bodies are cut to a bounded length.

const secretNames =
  "client_secret|password|passwd|secret|token|access_token|refresh_token|id_token|api_key|apikey|authorization";
const mask = "[redacted]";

// The closing quote may be missing: a body can break off inside its secret.
const jsonField = new RegExp(
  `("(?:${secretNames})"\\s*:\\s*)(?:"(?:[^"\\\\]|\\\\.)*"?|[^\\s,}\\]"]+)`,
  "gis",
);
const formField = new RegExp(`((?:^|[&?])(?:${secretNames})=)[^&\\s]*`, "gi");

/** Text with the values of secret fields masked, in JSON and in forms or queries. */
export function redact(text: string): string {
  return text.replace(jsonField, `$1"${mask}"`).replace(formField, `$1${mask}`);
}

const jsonBytes = (text: string) => new TextEncoder().encode(JSON.stringify(text)).length;

/** Text that takes at most about `bytes` as a JSON string in UTF-8; what was cut says so. */
export function boundText(text: string, bytes: number): string {
  // SQLite's texts end at a zero byte for some readers.
  const clean = text.replaceAll("\0", "\uFFFD");
  if (clean.length * 6 <= bytes || jsonBytes(clean) <= bytes) return clean;
  let cut = clean.slice(0, bytes);
  for (let size = jsonBytes(cut); size > bytes; size = jsonBytes(cut)) {
    cut = cut.slice(0, Math.floor((cut.length * bytes) / size) - 1);
  }
  // Half a surrogate pair is no text.
  if (/[\uD800-\uDBFF]$/.test(cut)) cut = cut.slice(0, -1);
  return `${cut}… [truncated: ${text.length} characters]`;
}
