// The widget's last request as a curl command.
import type { GivenRow } from "../engines/engine.ts";

/** Quotes a string for a POSIX shell. */
const shellQuoted = (content: string) => `'${content.replaceAll("'", `'\\''`)}'`;

export function showCurl(widget: Element, row: GivenRow): void {
  const lines = [
    `curl ${location.origin}/v1/${widget.getAttribute("dataset")}/predict`,
    `-H 'content-type: application/json'`,
    `-d ${shellQuoted(JSON.stringify(row))}`,
  ];
  document.getElementById("curl")!.textContent = lines.join(" \\\n  ");
}
