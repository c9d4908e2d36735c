// JSON as XGBoost writes it, bare NaN and Infinity included (JSON.parse refuses those), within bounds of depth and size.
import { InputError } from "#core/api/problem.ts";
import { type Document, ReadBudget, type Value } from "./document.ts";

const literals: readonly (readonly [string, Value])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
];
const numberPattern = /-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?/y;
const [quote, backslash, comma, colon] = [34, 92, 44, 58];

/** Parses `text`, which must hold one JSON value and nothing else. Throws InputError with the offset of the first fault. */
export function readJson(text: string): Value {
  const reader = new JsonReader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class JsonReader {
  private at = 0;
  private readonly budget = new ReadBudget();
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  end(): void {
    this.space();
    if (this.at < this.text.length) throw this.fault("expected nothing more");
  }

  value(depth: number): Value {
    this.space();
    const first = this.text[this.at];
    if (first === "{") return this.object(depth + 1);
    if (first === "[") return this.array(depth + 1);
    this.budget.value();
    if (first === '"') return this.string();
    numberPattern.lastIndex = this.at;
    const found = numberPattern.exec(this.text);
    if (found) {
      this.at += found[0].length;
      return Number(found[0]);
    }
    for (const [literal, value] of literals) {
      if (!this.text.startsWith(literal, this.at)) continue;
      this.at += literal.length;
      return value;
    }
    throw this.fault("expected a value");
  }

  private object(depth: number): Document {
    this.budget.container(depth);
    // Without a prototype a key named __proto__ is a key like any other.
    const object: Record<string, Value> = Object.create(null);
    this.at++;
    if (this.closes("}")) return object;
    for (;;) {
      this.space();
      if (this.text.charCodeAt(this.at) !== quote) throw this.fault("expected a key");
      this.budget.value();
      const key = this.string();
      this.space();
      if (this.text.charCodeAt(this.at) !== colon) throw this.fault("expected a colon");
      this.at++;
      object[key] = this.value(depth);
      if (this.closes("}")) return object;
      this.separator();
    }
  }

  private array(depth: number): Value[] {
    this.budget.container(depth);
    const items: Value[] = [];
    this.at++;
    if (this.closes("]")) return items;
    for (;;) {
      items.push(this.value(depth));
      if (this.closes("]")) return items;
      this.separator();
    }
  }

  private string(): string {
    const start = this.at;
    let escaped = false;
    for (let i = start + 1; i < this.text.length; i++) {
      const code = this.text.charCodeAt(i);
      if (code === backslash) {
        escaped = true;
        i++;
      } else if (code === quote) {
        this.at = i + 1;
        if (!escaped) return this.text.slice(start + 1, i);
        try {
          return JSON.parse(this.text.slice(start, i + 1)) as string;
        } catch {
          break;
        }
      }
    }
    this.at = start;
    throw this.fault("expected a string that ends");
  }

  private separator(): void {
    if (this.text.charCodeAt(this.at) !== comma) throw this.fault("expected a comma or the end of the list");
    this.at++;
  }

  private closes(mark: string): boolean {
    this.space();
    if (this.text[this.at] !== mark) return false;
    this.at++;
    return true;
  }

  private space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.at++;
    }
  }

  private fault(expected: string): InputError {
    const where = this.at >= this.text.length ? "at the end of the file" : `at character ${this.at}`;
    return new InputError(`not JSON: ${expected} ${where}`);
  }
}
