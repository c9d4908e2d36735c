// Requests answered by this isolate, by route and status, as Prometheus reads them.

export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
  readonly value: number;
}

export class RequestCounts {
  readonly #counts = new Map<string, number>();

  add(method: string, route: string, status: number): void {
    const key = `method="${method}",route="${route}",status="${status}"`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** The text exposition format 0.0.4, the given figures after the requests. */
  expose(gauges: readonly Gauge[]): string {
    const lines = [
      "# HELP appraise_requests_total Requests answered by this isolate.",
      "# TYPE appraise_requests_total counter",
      ...[...this.#counts].map(([labels, count]) => `appraise_requests_total{${labels}} ${count}`),
      ...gauges.flatMap(({ name, help, type, value }) => [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} ${type}`,
        `${name} ${value}`,
      ]),
    ];
    return `${lines.join("\n")}\n`;
  }
}
