// Reads a _headers file as Workers' static assets do, so that pages are tested under the very policy they are served with.

export interface HeaderRule {
  readonly path: RegExp;
  readonly unset: readonly string[];
  readonly set: readonly (readonly [name: string, value: string])[];
}

/** Rules in file order; `*` matches anything, `! Name` takes a header away that an earlier rule gave. */
export function parseHeaders(text: string): HeaderRule[] {
  const blocks = text
    .split(/\r?\n/)
    .filter((line) => line.trim() && !line.startsWith("#"))
    .join("\n")
    .split(/\n(?=\S)/);
  return blocks.map((block) => {
    const [pattern, ...lines] = block.split("\n").map((line) => line.trim());
    const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
    const set = lines.filter((line) => !line.startsWith("!"));
    return {
      path: new RegExp(`^${escaped}$`),
      unset: lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1).trim().toLowerCase()),
      set: set.map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const;
      }),
    };
  });
}

/** The headers of `path`: of several that set the same one, all values joined, as HTTP would. */
export function headersFor(rules: readonly HeaderRule[], path: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const rule of rules.filter(({ path: pattern }) => pattern.test(path))) {
    for (const name of rule.unset) delete headers[name];
    for (const [name, value] of rule.set)
      headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}
