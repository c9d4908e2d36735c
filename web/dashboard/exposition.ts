// Reads the Prometheus text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/).

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** All readable samples; comments and malformed lines are skipped. */
export function readSamples(text: string): Sample[] {
  return text.split("\n").flatMap((line) => {
    const [, name, labels = "", value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
    if (!name || Number.isNaN(Number(value))) return [];
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, content]) => [
      key,
      content,
    ]);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}
