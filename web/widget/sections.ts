// Which parts beside the price stand open, and the code of those that are fetched only then.
import type { ReactiveControllerHost } from "lit";
import type { Size } from "./attributes.ts";
import { LazyPart } from "./lazy-part.ts";
import type { Comboboxes } from "./view/combobox.ts";

export type SectionName = "whatIf" | "why" | "comparables";

/** What is open before the visitor has said otherwise: the less room, the less. */
const openAtFirst: Readonly<Record<Size, readonly SectionName[]>> = {
  compact: [],
  normal: ["whatIf", "comparables"],
  wide: ["whatIf", "why", "comparables"],
};

export class Sections {
  readonly curve: LazyPart<typeof import("./view/curve.ts")>;
  readonly why: LazyPart<typeof import("./view/why.ts")>;
  readonly plot: LazyPart<typeof import("./view/place-plot.ts")>;
  /** Of every long list of the form: one of them is open at a time. */
  readonly comboboxes: LazyPart<Comboboxes>;
  /** Whether the explanation is shown as a table. */
  whyAsTable = false;

  #chosen = new Map<SectionName, boolean>();

  private readonly host: ReactiveControllerHost;
  private readonly opened: (section: SectionName) => void;

  constructor(host: ReactiveControllerHost, opened: (section: SectionName) => void) {
    this.host = host;
    this.opened = opened;
    this.curve = new LazyPart(host, () => import("./view/curve.ts"));
    this.why = new LazyPart(host, () => import("./view/why.ts"));
    this.plot = new LazyPart(host, () => import("./view/place-plot.ts"));
    this.comboboxes = new LazyPart(host, async () => {
      const part = await import("./view/combobox.ts");
      return new part.Comboboxes(host);
    });
  }

  isOpen(section: SectionName, size: Size): boolean {
    return this.#chosen.get(section) ?? openAtFirst[size].includes(section);
  }

  toggle(section: SectionName, open: boolean): void {
    this.#chosen.set(section, open);
    this.host.requestUpdate();
    if (!open) return;
    this.curve.retry();
    this.why.retry();
    this.plot.retry();
    this.opened(section);
  }

  toggleTable(): void {
    this.whyAsTable = !this.whyAsTable;
    this.host.requestUpdate();
  }
}
