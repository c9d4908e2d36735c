// The HTML that a shop pastes.
import { describe, expect, it } from "vitest";
import { writeSnippet } from "../../web/demo/snippet.ts";

const release = { path: "/widget-abc.js", integrity: "sha384-x" };
const options = { origin: "https://price.example", dataset: "gems", release, attributes: {}, accent: "" };

describe("writeSnippet", () => {
  it("pins the file by its hash, and says only what differs from the defaults", () => {
    const attributes = { engine: "api", size: "wide", theme: "auto", locale: "", key: "pk_1" };
    expect(writeSnippet({ ...options, attributes })).toBe(
      `<script type="module" src="https://price.example/widget-abc.js"\n  integrity="sha384-x"></script>\n` +
        `<appraise-widget dataset="gems" size="wide" key="pk_1"></appraise-widget>`,
    );
  });

  it("takes the newest where nothing is pinned, and an accent as one rule", () => {
    const snippet = writeSnippet({ ...options, release: undefined, accent: "#123456" });
    expect(snippet).toContain(`src="https://price.example/widget.js"></script>`);
    expect(snippet).toContain("<style>appraise-widget { --appraise-accent: #123456; }</style>");
  });

  it("stays one attribute whatever is entered as a key", () => {
    const snippet = writeSnippet({ ...options, attributes: { key: `"><script>alert(1)</script>` } });
    expect(snippet).toContain(`key="&quot;>&lt;script>alert(1)&lt;/script>"`);
  });
});
