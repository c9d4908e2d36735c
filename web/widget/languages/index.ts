// The languages the widget speaks, by primary language subtag: English at once, the others fetched when a page wants them.
import { english, type Strings } from "./english.ts";

const tables = new Map<string, () => Promise<Strings> | Strings>([
  ["en", () => english],
  ["es", async () => (await import("./spanish.ts")).strings],
  ["it", async () => (await import("./italian.ts")).strings],
]);

export interface Language {
  /** BCP 47, for the lang attribute of what is said in it. */
  readonly tag: string;
  readonly strings: Strings;
}

export const fallbackLanguage: Language = { tag: "en", strings: english };

/** The tag of a language that is spoken here, for a locale such as es-CL; English for any other. */
export function spokenTag(locale: string | undefined): string {
  const tag = (locale ?? "").split("-")[0].toLowerCase();
  return tables.has(tag) ? tag : fallbackLanguage.tag;
}

/** The table of a spoken language; English where it cannot be fetched: better understood by some than blank for all. */
export async function loadLanguage(tag: string): Promise<Language> {
  const table = tables.get(tag);
  if (!table) return fallbackLanguage;
  try {
    return { tag, strings: await table() };
  } catch {
    return fallbackLanguage;
  }
}

/** Adds a language, or another wording of one; what `strings` leaves out is said in English. Call it before the widget is shown. */
export function addLanguage(tag: string, strings: Partial<Strings>): void {
  const whole = { ...english, ...strings };
  tables.set(tag.split("-")[0].toLowerCase(), () => whole);
}
