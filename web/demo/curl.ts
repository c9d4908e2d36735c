// The question the widget has just asked, for a shell.
import type { GivenRow } from "../engines/engine.ts";

/** A string inside single quotes as a POSIX shell reads it. */
const shellQuoted = (content: string) => `'${content.replaceAll("'", `'\\''`)}'`;

export function showCurl(widget: Element, row: GivenRow): void {
  const lines = [
    `curl ${location.origin}/v1/${widget.getAttribute("dataset")}/predict`,
    `-H 'content-type: application/json'`,
    `-d ${shellQuoted(JSON.stringify(row))}`,
  ];
  document.getElementById("curl")!.textContent = lines.join(" \\\n  ");
}
