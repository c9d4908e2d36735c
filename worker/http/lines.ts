// Text and lines of a UTF-8 byte stream, piece by piece, each line of bounded length.
import { Refusal } from "#core/api/refusal.ts";

function decodeOr(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    throw new Refusal("malformed", "the body is not UTF-8");
  }
}

/** The text of a byte stream in pieces, a byte order mark left out. Throws a refusal for bytes that are not UTF-8. */
export async function* readTexts(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  for await (const chunk of chunks) yield decodeOr(decoder, chunk);
  yield decodeOr(decoder);
}

/** Yields lines without their end (LF or CRLF); the last may have none. Throws a refusal for a line beyond `maxCharacters`. */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  maxCharacters: number,
): AsyncGenerator<string> {
  const bounded = (line: string) => {
    if (line.length <= maxCharacters) return line;
    throw new Refusal(
      "too-large",
      `a line is longer than the ${maxCharacters} characters that are read here`,
    );
  };
  let rest = "";
  for await (const text of readTexts(chunks)) {
    const lines = (rest + text).split("\n");
    rest = bounded(lines.pop() ?? "");
    for (const line of lines) yield bounded(line).replace(/\r$/, "");
  }
  if (rest !== "") yield bounded(rest).replace(/\r$/, "");
}
