// What goes where: one JSON document or text on standard output, everything that only accompanies it on standard error.

/** Logs a line for people. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Prints the command's result: `value` as the one JSON document, or the text. */
export function printResult(json: boolean | undefined, value: unknown, text: () => string): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${text()}\n`);
}

const styled = process.stdout.isTTY && !process.env.NO_COLOR;

/** Bold on a terminal, unless NO_COLOR is set (https://no-color.org). */
export function bold(text: string): string {
  return styled ? `\u001b[1m${text}\u001b[22m` : text;
}
