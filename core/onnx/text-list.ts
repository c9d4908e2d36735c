// Texts of a repeated field: a list that says a few short texts over and over, as tree tables do by the ten thousand, is kept as codes.

/** More different texts than this, or a longer one, and the list is an ordinary one. */
const mostKnown = 15;
const longestKnown = 32;
/** Below this many texts codes gain nothing. */
const leastCoded = 64;

/** The value of a strings attribute whose texts repeat: the text at `index` is texts[codes[index]]. */
export class RepeatedTexts {
  readonly codes: Uint8Array;
  readonly texts: readonly string[];

  constructor(codes: Uint8Array, texts: readonly string[]) {
    this.codes = codes;
    this.texts = texts;
  }

  get strings(): readonly string[] {
    return Array.from(this.codes, (code) => this.texts[code]);
  }
}

/** Gathers the texts of one list. */
export class TextList {
  private codes = new Uint8Array(256);
  private count = 0;
  private readonly known: string[] = [];
  private readonly knownLengths: number[] = [];
  /** The bytes of the known texts, ASCII all of them, at multiples of `longestKnown`. */
  private readonly knownBytes = new Uint8Array(mostKnown * longestKnown);
  private plain: string[] | undefined;

  /** `expected` texts have the first codes, in their order, whether or not they come. */
  constructor(expected: readonly string[] = []) {
    for (const text of expected) this.learn(text);
  }

  private learn(text: string): number {
    const code = this.known.push(text) - 1;
    this.knownLengths.push(text.length);
    for (let at = 0; at < text.length; at++) this.knownBytes[code * longestKnown + at] = text.charCodeAt(at);
    return code;
  }

  /** Appends the text in `length` bytes from `start` if it has been there before; false where it is to be read and added. */
  addKnown(bytes: Uint8Array, start: number, length: number): boolean {
    const { knownLengths, knownBytes, plain } = this;
    for (let code = 0; code < knownLengths.length; code++) {
      if (knownLengths[code] !== length) continue;
      const from = code * longestKnown;
      let same = length;
      // From the end: names that are told apart there begin alike.
      while (same > 0 && knownBytes[from + same - 1] === bytes[start + same - 1]) same--;
      if (same > 0) continue;
      if (plain) plain.push(this.known[code]);
      else this.push(code);
      return true;
    }
    return false;
  }

  add(text: string): void {
    const { known } = this;
    // Only ASCII is known by its bytes: its characters are its bytes.
    if (!this.plain && known.length < mostKnown && text.length <= longestKnown && /^[ -~]*$/.test(text)) {
      this.push(this.learn(text));
      return;
    }
    this.plain ??= Array.from(this.codes.subarray(0, this.count), (code) => known[code]);
    this.plain.push(text);
  }

  private push(code: number): void {
    if (this.count === this.codes.length) {
      const grown = new Uint8Array(2 * this.count);
      grown.set(this.codes);
      this.codes = grown;
    }
    this.codes[this.count++] = code;
  }

  /** The list as the value of an attribute. */
  finish(): { readonly strings: readonly string[] } {
    if (this.plain) return { strings: this.plain };
    const texts = new RepeatedTexts(this.codes.slice(0, this.count), this.known);
    return this.count < leastCoded ? { strings: texts.strings } : texts;
  }
}
