// What is wrong with an input, told by field: the one error that every layer throws and one mapper turns into RFC 9457.

/** One fault in one place: `pointer` is an RFC 6901 JSON pointer into the input ("" is the whole), `detail` says what is allowed. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** An input that breaks the contract. The message joins the faults; `errors` keeps them apart for machines. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly errors: readonly FieldError[];

  constructor(errors: readonly FieldError[] | string) {
    const list = typeof errors === "string" ? [{ pointer: "", detail: errors }] : errors;
    super(
      list.map((fault) => (fault.pointer ? `${fault.pointer}: ${fault.detail}` : fault.detail)).join("; "),
    );
    this.errors = list;
  }
}

/** RFC 6901 pointer of a path of keys and indices. */
export function toPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

const longestQuote = 60;

/** A value as it is quoted back to its sender: JSON, cut to a bounded length so that no answer echoes a whole body. */
export function quoted(value: unknown): string {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > longestQuote ? `${text.slice(0, longestQuote)}…"` : text;
}
