// A section of the card: a heading, a sentence or two, figures and tables.
import { type Figure, renderFigure } from "./figure.ts";
import { type Html, html } from "./html.ts";

/** Content that stands among the figures, framed like one. */
export interface Panel {
  readonly title: string;
  readonly content: Html;
}

export interface Section {
  /** Of the anchor, lower case. */
  readonly id: string;
  readonly title: string;
  readonly lead?: Html | string;
  readonly figures?: readonly Figure[];
  /** Charts of features that matter less, each behind its title. */
  readonly others?: readonly { readonly title: string; readonly figure: Figure }[];
  /** After the figures, in the same grid. */
  readonly panels?: readonly Panel[];
  readonly after?: Html;
}

function renderPanel({ title, content }: Panel): Html {
  return html`<div class="panel"><h3>${title}</h3>${content}</div>
`;
}

/** One opens at a time, so that the card stays short; no script is needed for it. */
function renderOthers(id: string, others: NonNullable<Section["others"]>): Html {
  const choices = others.map(
    ({ title, figure }) =>
      html`<details name="${id}-other"><summary>${title}</summary>${renderFigure(figure)}</details>
`,
  );
  return html`<details class="others"><summary>${others.length} more features to choose from</summary><div class="choices">${choices}</div></details>
`;
}

/** The section as markup. */
export function renderSection({
  id,
  title,
  lead,
  figures = [],
  others = [],
  panels = [],
  after,
}: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${lead ? html`<p class="soft">${lead}</p>` : ""}
${
  figures.length + panels.length > 0
    ? html`<div class="figures">${figures.map(renderFigure)}${panels.map(renderPanel)}</div>`
    : ""
}
${others.length > 0 ? renderOthers(id, others) : ""}
${after}</section>
`;
}
