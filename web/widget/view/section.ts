// A part beside the price that can be folded away; how much is open at first is a matter of the widget's size.
import { html } from "lit";

export interface Section {
  readonly part: string;
  readonly title: string;
  readonly open: boolean;
  toggle(open: boolean): void;
}

export function sectionView({ part, title, open, toggle }: Section, body: () => unknown) {
  return html`<details
    class="section ${part}"
    part=${part}
    ?open=${open}
    @toggle=${(event: Event) => {
      const { open: now } = event.target as HTMLDetailsElement;
      if (now !== open) toggle(now);
    }}
  >
    <summary><h2>${title}</h2></summary>
    ${open ? body() : ""}
  </details>`;
}
