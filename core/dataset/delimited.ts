// Splits a sample of delimited text into records by a separator and a quote: what choosing a dialect compares.

export interface DelimitedRecord {
  readonly cells: readonly string[];
  /** The line that the record starts on, from 1. */
  readonly line: number;
  /** Whether a quote was opened and never closed, or text follows a closing quote. */
  readonly isBroken: boolean;
}

export interface Separation {
  readonly separator: string;
  /** "" where no quotes are used. */
  readonly quote: string;
}

/** Records of `text`; a last one without a line end is left out where the text `isCut`. Blank lines are no records. */
export function splitDelimited(
  text: string,
  { separator, quote }: Separation,
  isCut: boolean,
): DelimitedRecord[] {
  const records: DelimitedRecord[] = [];
  let cells: string[] = [];
  let [line, startLine, at, isBroken] = [1, 1, 0, false];
  const finish = () => {
    if (cells.length > 1 || cells[0].trim() !== "") records.push({ cells, line: startLine, isBroken });
    [cells, isBroken, startLine] = [[], false, line];
  };
  while (at < text.length) {
    let start = at;
    while (text[start] === " ") start++;
    let cell: string;
    if (quote !== "" && text[start] === quote) {
      let end = start + 1;
      cell = "";
      for (;;) {
        const next = text.indexOf(quote, end);
        if (next < 0) {
          if (isCut) return records;
          isBroken = true;
          cell += text.slice(end);
          end = text.length;
          break;
        }
        cell += text.slice(end, next);
        end = next + 1;
        if (text[end] !== quote) break;
        cell += quote;
        end++;
      }
      for (let i = start; i < end; i++) if (text[i] === "\n") line++;
      at = end;
      const rest = /^[^\n]*/.exec(text.slice(at, at + 4096))![0];
      const stop = rest.indexOf(separator);
      const behind = stop < 0 ? rest : rest.slice(0, stop);
      if (behind.trim() !== "") isBroken = true;
      at += behind.length;
    } else {
      let end = at;
      while (end < text.length && text[end] !== "\n" && !text.startsWith(separator, end)) end++;
      cell = text.slice(at, end);
      at = end;
    }
    cells.push(cell.replace(/\r$/, "").trim());
    if (at >= text.length) break;
    if (text[at] === "\n") {
      at++;
      line++;
      finish();
    } else {
      at += separator.length;
      if (at >= text.length) cells.push("");
    }
  }
  if (cells.length > 0 && !isCut) finish();
  return records;
}
