// The schema of words for people in a spec: one text, or a text by language.
import * as z from "zod";

const mostLanguages = 40;
const Language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'expected a language tag, as "en" or "pt-BR"');

/** A text of at most `longest` characters, or such texts by language tag (BCP 47). */
export function wordsSchema(longest: number) {
  const Text = z.string().min(1).max(longest);
  return z.union([
    Text,
    z
      .record(Language, Text)
      .refine((texts) => Object.keys(texts).length > 0, "expected a text for one language at least")
      .refine(
        (texts) => Object.keys(texts).length <= mostLanguages,
        `expected at most ${mostLanguages} languages`,
      ),
  ]);
}
