// A table of text with aligned columns, for people; its widths follow its cells.

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

/** Lines of the table, header first, ending without trailing blanks. */
export function layTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, at) =>
    Math.max(title.length, ...rows.map((cells) => cells[at].length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => (columns[at].align === "left" ? cell.padEnd(widths[at]) : cell.padStart(widths[at])))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width));
  return [line(columns.map(({ title }) => title)), line(rule), ...rows.map(line)].join("\n");
}
