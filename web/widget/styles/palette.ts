// Paper, ink and one accent in light and dark; a page restyles them through --appraise-* and ::part.
import { css } from "lit";

export const palette = css`
  :host {
    color-scheme: light dark;
    --accent: var(--appraise-accent, light-dark(#7a5a1e, #d9b877));
    --surface: var(--appraise-surface, light-dark(#fffefb, #191816));
    --well: var(--appraise-well, light-dark(#f5f2eb, #232119));
    --ink: var(--appraise-ink, light-dark(#211e19, #f3efe7));
    --muted: var(--appraise-muted, light-dark(#665f53, #aba393));
    --line: var(--appraise-line, light-dark(#e3ddd0, #3a362d));
    --edge: var(--appraise-edge, light-dark(#8c8473, #857d6d));
    --alarm: var(--appraise-alarm, light-dark(#a3261d, #ff9d92));
    --radius: var(--appraise-radius, 14px);
    --sans: var(--appraise-font, system-ui, -apple-system, "Segoe UI", Roboto, "Open Sans", sans-serif);
    --serif: var(--appraise-display-font, ui-serif, "Iowan Old Style", Palatino, "Palatino Linotype", Georgia, serif);
    display: grid;
    container-type: inline-size;
    color: var(--ink);
    font: 400 15px / 1.45 var(--sans);
    text-align: start;
  }
  :host([hidden]) { display: none; }
  :host([theme="light"]) { color-scheme: light; }
  :host([theme="dark"]) { color-scheme: dark; }
  *, ::before, ::after { box-sizing: border-box; }
  h2, p, ul { margin: 0; padding: 0; }
  /* Sentences of another direction than the page's keep their full stops at their own end. */
  p, h2 { unicode-bidi: plaintext; text-align: match-parent; }
  ul { list-style: none; }
  button, input, select { font: inherit; color: inherit; }
  [hidden] { display: none !important; }
  :focus-visible, .level input:focus-visible + span, .switch input:focus-visible + .track {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
