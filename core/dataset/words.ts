// Words for people: one text, or a text by language. Apart from their schema, so that pages need no schema library.
export type Words = string | Readonly<Record<string, string>>;

/** The text for `language`: its own, that of its base language, the English one, or the first there is. */
export function wordsIn(words: Words, language?: string): string;
export function wordsIn(words: Words | undefined, language?: string): string | undefined;
export function wordsIn(words: Words | undefined, language = "en"): string | undefined {
  if (words === undefined || typeof words === "string") return words;
  return words[language] ?? words[language.split("-")[0]] ?? words.en ?? Object.values(words)[0];
}
