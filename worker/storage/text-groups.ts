// JSON texts in groups: what goes into one message of a queue, or one parameter of a statement.

/** Texts in groups that take at most `bytes` as the elements of a JSON array; a single longer one is a group of its own. */
export function groupTexts(texts: readonly string[], bytes: number): string[][] {
  const groups: string[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const text of texts) {
    // UTF-8 takes at most three bytes a UTF-16 unit: counting them truly would cost more than a message that is not full.
    const own = 3 * text.length + 1;
    if (size + own > bytes) {
      groups.push([]);
      size = 0;
    }
    groups[groups.length - 1].push(text);
    size += own;
  }
  return groups;
}
