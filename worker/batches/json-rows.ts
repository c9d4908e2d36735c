// The elements of {"rows": [...]} one by one, so that a batch of megabytes never stands in memory as objects.
import { InputError, quoted } from "#core/api/problem.ts";
import { Refusal } from "#core/api/refusal.ts";
import { parseJson } from "../http/json.ts";
import { limits } from "../http/limits.ts";

const opening = /^\s*\{\s*("(?:[^"\\]|\\.)*")\s*:\s*(?=\S)/;
const nextKey = /^\s*,\s*("(?:[^"\\]|\\.)*")\s*:/;

function malformed(detail: string): Refusal {
  return new Refusal("malformed", `the body is not JSON: ${detail}`);
}

function unknownField(key: string): InputError {
  const name = key.slice(0, 64);
  const detail = name === "rows" ? "given twice" : "unknown field; expected only rows";
  return new InputError([{ pointer: `/${name}`, detail }]);
}

const keyOf = (text: string) => String(parseJson(text));

/** Takes the body's text in pieces and gives the texts of complete elements; what they hold is the caller's to parse. */
export class JsonRows {
  #text = "";
  #state: "before" | "rows" | "after" = "before";
  #count = 0;
  /** Within an element: how far it is read, and what it is in. */
  #at = 0;
  #depth = 0;
  #inString = false;

  push(piece: string): string[] {
    this.#text += piece;
    if (this.#state === "before") this.#open();
    const rows = this.#state === "rows" ? this.#elements() : [];
    if (this.#state === "after") this.#checkTail();
    if (this.#text.length > limits.batchRowCharacters) {
      throw new Refusal("too-large", `expected at most ${limits.batchRowCharacters} characters a row`);
    }
    return rows;
  }

  /** Throws where the body breaks off. */
  end(): void {
    if (this.#state === "before") {
      // Whole, and not of the form that was looked for: either it is no JSON, or it is something else.
      const value = parseJson(this.#text);
      if (typeof value === "object" && value !== null && !Array.isArray(value))
        throw new InputError([{ pointer: "/rows", detail: "required: expected an array of rows" }]);
      throw new InputError(`expected an object with the field rows; got ${quoted(value)}`);
    }
    if (this.#state === "rows") throw malformed(`it breaks off after ${this.#count} rows`);
    if (this.#text.trim() !== "}") throw malformed("it breaks off after the rows");
  }

  #open(): void {
    if (this.#text.charCodeAt(0) === 0xfeff) this.#text = this.#text.slice(1);
    if (/^\s*\[/.test(this.#text))
      throw new InputError("expected an object with the field rows; got an array");
    const match = opening.exec(this.#text);
    if (!match) return;
    const key = keyOf(match[1]);
    if (key !== "rows") throw unknownField(key);
    if (this.#text[match[0].length] !== "[")
      throw new InputError([{ pointer: "/rows", detail: "expected an array of rows" }]);
    this.#text = this.#text.slice(match[0].length + 1);
    this.#state = "rows";
  }

  #elements(): string[] {
    const rows: string[] = [];
    let start = 0;
    for (; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (this.#inString) {
        if (code === 0x5c) this.#at++;
        else if (code === 0x22) this.#inString = false;
      } else if (code === 0x22) this.#inString = true;
      else if (code === 0x7b || code === 0x5b) this.#deepen();
      else if (this.#depth === 0 && (code === 0x2c || code === 0x5d)) {
        this.#take(rows, this.#text.slice(start, this.#at), code === 0x5d);
        start = this.#at + 1;
        if (this.#state === "after") break;
      } else if ((code === 0x7d || code === 0x5d) && --this.#depth < 0) {
        throw malformed(`a bracket closes nothing in row ${this.#count}`);
      }
    }
    this.#text = this.#text.slice(start);
    this.#at -= start;
    return rows;
  }

  #deepen(): void {
    if (++this.#depth > limits.jsonDepth)
      throw malformed(`it is nested deeper than ${limits.jsonDepth} levels`);
  }

  #take(rows: string[], element: string, isLast: boolean): void {
    if (isLast) this.#state = "after";
    const isEmpty = element.trim() === "";
    if (isEmpty && isLast && this.#count === 0) return;
    if (isEmpty) throw malformed(`row ${this.#count} is empty`);
    this.#count++;
    rows.push(element);
  }

  #checkTail(): void {
    this.#text = this.#text.trimStart();
    const other = nextKey.exec(this.#text);
    if (other) throw unknownField(keyOf(other[1]));
    if (/^[^},]|^\}\s*\S/.test(this.#text)) throw malformed("something stands after the rows");
    if (this.#text.startsWith("}")) this.#text = "}";
  }
}
