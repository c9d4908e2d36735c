// Names for the API from a table's headers: "Año (construcción)" becomes ano_construccion.

import { InputError, quoted } from "#core/api/problem.ts";
import { hint } from "#core/dataset/did-you-mean.ts";

/** Names that rows and items have beside features. */
const reserved = new Set(["id", "_id", "constructor", "prototype", "__proto__"]);

const letters: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  ø: "o",
  œ: "oe",
  ł: "l",
  đ: "d",
  "²": "2",
  "³": "3",
  "%": " percent ",
};

/** A header as a field's name, where it is not one already. */
export function fieldNameOf(header: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(header) && !reserved.has(header)) return header;
  const plain = header
    .replaceAll(/[ßæøœłđ²³%]/gi, (letter) => letters[letter.toLowerCase()] ?? "")
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
  const name = /^[a-z]/.test(plain) ? plain : `column_${plain || "x"}`;
  return reserved.has(name) ? `${name}_value` : name.slice(0, 60);
}

/** One name a header, all different. */
export function fieldNames(headers: readonly string[]): string[] {
  const used = new Set<string>();
  return headers.map((header) => {
    const base = fieldNameOf(header);
    let name = base;
    for (let count = 2; used.has(name); count++) name = `${base}_${count}`;
    used.add(name);
    return name;
  });
}

/** A title for people: the header with blanks between its words. */
export function titleOfHeader(header: string): string {
  const words = header
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll(/[_\s]+/g, " ")
    .trim();
  const title = /[A-Z]/.test(words.slice(1)) ? words : words.toLowerCase();
  return (title.charAt(0).toUpperCase() + title.slice(1)).slice(0, 200) || "Column";
}

/** The column that a person means by `given`. Throws InputError with the nearest. */
export function findColumn(columns: readonly string[], given: string, what: string): string {
  const exact =
    columns.find((column) => column === given) ?? columns.find((column) => fieldNameOf(column) === given);
  const loose = columns.filter((column) => column.trim().toLowerCase() === given.trim().toLowerCase());
  if (exact ?? (loose.length === 1 ? loose[0] : undefined)) return exact ?? loose[0];
  const shown = columns
    .slice(0, 20)
    .map((column) => column.slice(0, 60))
    .join(", ");
  const more = columns.length > 20 ? ` and ${columns.length - 20} more` : "";
  throw new InputError(
    `${what}: no column ${quoted(given)}${hint(given, columns)}; the columns are ${shown}${more}`,
  );
}
