// Every language says everything, and nothing is said outside the tables.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAst } from "vite";
import { describe, expect, it } from "vitest";
import { english } from "../../web/widget/languages/english.ts";
import { addLanguage, loadLanguage, spokenTag } from "../../web/widget/languages/index.ts";
import { strings as italian } from "../../web/widget/languages/italian.ts";
import { strings as spanish } from "../../web/widget/languages/spanish.ts";

type Entry = string | ((...words: string[]) => string);
const entries = (table: object) => Object.entries(table) as [string, Entry][];
const marks = ["‹1›", "‹2›", "‹3›", "‹4›", "‹5›"];
/** What a string says, with marks in place of what it is told. */
const said = (entry: Entry) => (typeof entry === "string" ? entry : entry(...marks.slice(0, entry.length)));

describe.each(Object.entries({ spanish, italian }))("%s", (_, table) => {
  it("has every string of English and no other, each with all that it is told", () => {
    expect(Object.keys(table).sort()).toEqual(Object.keys(english).sort());
    for (const [key, entry] of entries(english)) {
      const other = table[key as keyof typeof english] as Entry;
      expect(typeof other, key).toBe(typeof entry);
      for (const mark of marks)
        expect(said(other).includes(mark), `${key} ${mark}`).toBe(said(entry).includes(mark));
      expect(said(other).trim(), key).not.toBe("");
    }
  });

  it("is a translation: next to nothing reads as it does in English", () => {
    const same = entries(english).filter(
      ([key, entry]) => said(table[key as keyof typeof english]) === said(entry),
    );
    // Nothing but marks and units can be the same in two languages, and this one word in all three.
    expect(same.map(([key]) => key)).toEqual(["no"]);
  });
});

describe("a locale", () => {
  it("is spoken in its language, or else in English", async () => {
    expect(["es-CL", "it", "en-GB", "de-DE", undefined].map(spokenTag)).toEqual([
      "es",
      "it",
      "en",
      "en",
      "en",
    ]);
    expect((await loadLanguage("es")).strings).toBe(spanish);
    expect((await loadLanguage("tlh")).strings).toBe(english);
  });

  it("can be added by the page, English filling what it leaves out", async () => {
    addLanguage("nl-BE", { retry: "Opnieuw" });
    expect(spokenTag("nl")).toBe("nl");
    const { strings } = await loadLanguage("nl");
    expect([strings.retry, strings.worst]).toEqual(["Opnieuw", english.worst]);
  });
});

interface Template {
  readonly tag: string;
  readonly parts: readonly string[];
}

/** Every html`…` and svg`…` of a source. */
function templatesOf(text: string): Template[] {
  const found: Template[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const child of node) visit(child);
      return;
    }
    if (typeof node !== "object" || node === null) return;
    const { type, tag, quasi } = node as {
      type?: string;
      tag?: { name?: string };
      quasi?: { quasis: { value: { cooked: string } }[] };
    };
    if (type === "TaggedTemplateExpression" && quasi && (tag?.name === "html" || tag?.name === "svg"))
      found.push({ tag: tag.name, parts: quasi.quasis.map(({ value }) => value.cooked) });
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseAst(text, { lang: "ts" }).body);
  return found;
}

const spokenAttributes = /\b(?:aria-label|aria-valuetext|aria-description|title|placeholder|alt)="([^"]*)"/g;

/** Words that a template says by itself, in its text or in an attribute that is read out. */
function literalsOf({ parts }: Template): string[] {
  const markup = parts.join("\u0000");
  const attributes = [...markup.matchAll(spokenAttributes)].map(([, value]) => value);
  const text = markup.replaceAll(/<[^>]*>/g, "\u0000").split("\u0000");
  return [...attributes, ...text].map((words) => words.trim()).filter((words) => /\p{L}/u.test(words));
}

describe("the templates", () => {
  const folder = join(import.meta.dirname, "..", "..", "web", "widget");
  const sources = (readdirSync(folder, { recursive: true }) as string[]).filter((name) =>
    name.endsWith(".ts"),
  );
  const templates = sources.flatMap((name) =>
    templatesOf(readFileSync(join(folder, name), "utf8")).map((template) => ({ name, template })),
  );

  it("are found, and words in them would be", () => {
    expect(templates.length).toBeGreaterThan(30);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a template.
    const [template] = templatesOf('const a = html`<p title="Help">Price ${b}</p><i aria-label=${c}></i>`;');
    expect(literalsOf(template)).toEqual(["Help", "Price"]);
  });

  it("say nothing by themselves", () => {
    const literal = templates.flatMap(({ name, template }) =>
      literalsOf(template).map((words) => `${name}: ${words}`),
    );
    expect(literal).toEqual([]);
  });
});
