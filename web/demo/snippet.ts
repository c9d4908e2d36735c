// The HTML a shop pastes: the script, pinned by hash or always the newest, and the tag with its non-default attributes.

export interface Release {
  readonly path: string;
  readonly integrity: string;
}

export interface SnippetOptions {
  readonly origin: string;
  readonly dataset: string;
  /** undefined: always the newest. */
  readonly release: Release | undefined;
  /** By name; empty and default values are left out. */
  readonly attributes: Readonly<Record<string, string>>;
  /** A colour for --appraise-accent; empty for the widget's own. */
  readonly accent: string;
}

const defaults: Readonly<Record<string, string>> = { engine: "api", size: "normal", theme: "auto" };

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

export function writeSnippet({ origin, dataset, release, attributes, accent }: SnippetOptions): string {
  const script = release
    ? `<script type="module" src="${origin}${release.path}"\n  integrity="${release.integrity}"></script>`
    : `<script type="module" src="${origin}/widget.js"></script>`;
  const given = Object.entries({ dataset, ...attributes })
    .filter(([name, value]) => value !== "" && value !== defaults[name])
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join("");
  const style = accent ? `\n<style>appraise-widget { --appraise-accent: ${accent}; }</style>` : "";
  return `${script}\n<appraise-widget${given}></appraise-widget>${style}`;
}
