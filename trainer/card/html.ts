// HTML by template: every text put into it is escaped, so that no name or message can become markup.

/** Markup that may stand as it is. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | null | undefined | false | readonly Part[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function render(part: Part): string {
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(render).join("");
  if (part === null || part === undefined || part === false) return "";
  return String(part).replace(/[&<>"']/g, (character) => entities[character]);
}

/** Tag of a template whose values are escaped unless they are Html; lists are joined, null, undefined and false are nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(strings.reduce((text, piece, i) => text + render(values[i - 1]) + piece));
}

/** Rows of a table as HTML; the first cell of each row heads it. Cells whose column is named in `numeric` are set flush right. */
export function renderTable(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly (Html | string)[])[],
  textColumns = 1,
): Html {
  const alignment = (column: number) => (column >= textColumns ? html` class="number"` : "");
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${head.map((name, i) => html`<th scope="col"${alignment(i)}>${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([first, ...rest]) =>
      html`<tr><th scope="row"${alignment(0)}>${first}</th>${rest.map((cell, i) => html`<td${alignment(i + 1)}>${cell}</td>`)}</tr>
`,
  )}</tbody></table></div>`;
}
