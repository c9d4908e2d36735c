// Values from a JSON Schema: mostly what it asks for, and at any place of them what a careless or hostile sender would write there.
import fc from "fast-check";
import type { ApiDocument, Schema } from "./api-document.ts";

const deep = (levels: number): unknown => (levels === 0 ? [] : [deep(levels - 1)]);

export const hostileTexts: readonly string[] = [
  "",
  " ",
  "NaN",
  "-Infinity",
  "1e999",
  "0x10",
  "99999999999999999999999",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "\u202e\u200b",
  "ﷺ".repeat(50),
  "💎".repeat(300),
  "../../../etc/passwd",
  "..\\..\\secrets",
  "%2e%2e%2f%2e%2e%2f",
  "%",
  "%00",
  "' OR '1'='1",
  "'; DROP TABLE items; --",
  'x" UNION SELECT password_hash FROM users --',
  "$(id)",
  "{{7*7}}",
  "<script>alert(1)</script>",
  "__proto__",
  "constructor",
  "toString",
  "a\r\nset-cookie: x=1",
  "x".repeat(5000),
];

/** What JSON can hold and no schema of ours wants. */
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -0,
    -1,
    1.5,
    2 ** 53,
    -(2 ** 63),
    1e308,
    5e-324,
    [],
    {},
    [[]],
    deep(40),
  ),
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constant(JSON.parse('{"__proto__": {"isAdmin": true}, "constructor": {"prototype": 1}}') as unknown),
  fc.jsonValue({ maxDepth: 3 }),
);

function text(
  { format, maxLength = 60, enum: levels }: Schema,
  samples: readonly string[],
): fc.Arbitrary<string> {
  if (levels) return fc.constantFrom(...(levels as string[]));
  if (format === "date-time") return fc.constantFrom("2026-11-21T10:00:00Z", "0001-01-01T00:00:00Z", "1");
  const plain = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/);
  const any = fc.string({ unit: "grapheme", maxLength: Math.min(maxLength, 60) });
  if (samples.length === 0) return fc.oneof(plain, any);
  return fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...samples) }, plain, any);
}

function whole({ minimum, maximum }: Schema): fc.Arbitrary<number> {
  const min = Math.max(minimum ?? -10, Number.MIN_SAFE_INTEGER);
  return fc.integer({ min: Math.ceil(min), max: Math.max(min, Math.min(maximum ?? min + 1000, min + 1000)) });
}

/** One of `good`, as it is or with one of its fields spoilt. */
export function nearly(good: readonly object[]): fc.Arbitrary<unknown> {
  const spoil = fc.option(fc.tuple(fc.nat(), hostile), { freq: 2 });
  return fc.tuple(fc.constantFrom(...good), spoil).map(([value, spoilt]) => {
    const names = Object.keys(value);
    if (!spoilt || names.length === 0) return value;
    return { ...value, [names[spoilt[0] % names.length]]: spoilt[1] };
  });
}

/** Makes values for schemas of `document`. `samples` are texts that mean something to the server, by the field's name. */
export class SchemaValues {
  readonly #document: ApiDocument;
  readonly #samples: Readonly<Record<string, readonly string[]>>;

  constructor(document: ApiDocument, samples: Readonly<Record<string, readonly string[]>>) {
    this.#document = document;
    this.#samples = samples;
  }

  /** Something for `schema`, a field called `name`: mostly what it asks for. */
  valueOf(schema: Schema, name = "", depth = 0): fc.Arbitrary<unknown> {
    const asked = this.#conforming(schema, name, depth);
    return fc.oneof({ weight: depth === 0 ? 12 : 30, arbitrary: asked }, { weight: 1, arbitrary: hostile });
  }

  #conforming(given: Schema, name: string, depth: number): fc.Arbitrary<unknown> {
    const schema = this.#document.resolve(given);
    if (depth > 6) return fc.constant(null);
    if ("const" in schema) return fc.constant(schema.const);
    if (schema.enum) return fc.constantFrom(...schema.enum);
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices) return fc.oneof(...choices.map((one) => this.valueOf(one, name, depth + 1)));
    if (schema.allOf) {
      const parts = schema.allOf.map((one) => this.#conforming(one, name, depth + 1) as fc.Arbitrary<object>);
      return fc.tuple(...parts).map((each) => Object.assign({}, ...each) as unknown);
    }
    const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? ["object"]);
    return fc.oneof(...types.map((type) => this.#ofType(type, schema, name, depth)));
  }

  #ofType(type: string, schema: Schema, name: string, depth: number): fc.Arbitrary<unknown> {
    if (type === "null") return fc.constant(null);
    if (type === "boolean") return fc.boolean();
    if (type === "integer") return whole(schema);
    if (type === "number") {
      const min = schema.minimum ?? -1e6;
      return fc.double({ min, max: Math.max(min, schema.maximum ?? 1e6), noNaN: true });
    }
    if (type === "string") return text(schema, this.#samples[name] ?? []);
    if (type === "array")
      return fc.array(this.valueOf(schema.items ?? {}, name, depth + 1), {
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      });
    return this.#object(schema, depth);
  }

  #object(
    { properties = {}, required = [], additionalProperties }: Schema,
    depth: number,
  ): fc.Arbitrary<unknown> {
    const names = Object.keys(properties);
    const fields = Object.fromEntries(
      names.map((name) => [name, this.valueOf(properties[name], name, depth + 1)]),
    );
    const known = fc.record(fields, { requiredKeys: names.filter((name) => required.includes(name)) });
    const isOpen = typeof additionalProperties === "object";
    const others = fc.dictionary(
      fc.oneof(fc.constantFrom("__proto__", "id", "revision", "admin"), fc.string({ maxLength: 8 })),
      isOpen ? this.valueOf(additionalProperties, "", depth + 1) : hostile,
      { maxKeys: 2 },
    );
    const mixed = fc.tuple(known, others).map(([one, other]) => ({ ...other, ...one }));
    return fc.oneof({ weight: isOpen ? 1 : 8, arbitrary: known }, { weight: 1, arbitrary: mixed });
  }
}
