// How the widget looks: paper, ink and one accent in light and dark; a page restyles it through --appraise-* and ::part.
import { css } from "lit";

const palette = css`
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
  h3, p, ul { margin: 0; padding: 0; }
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

const layout = css`
  .tag {
    position: relative;
    display: grid;
    overflow: hidden;
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  .form { display: grid; gap: 22px; align-content: start; padding: 24px 18px; min-inline-size: 0; }
  .side {
    display: grid;
    gap: 24px;
    align-content: start;
    padding: 24px 18px;
    min-inline-size: 0;
    background: var(--well);
    border-block-start: 1px solid var(--line);
  }
  @container (min-width: 700px) {
    .tag { grid-template-columns: minmax(0, 1.35fr) minmax(0, 1fr); }
    .form { padding: 30px; }
    .side { padding: 30px; border-block-start: 0; border-inline-start: 1px solid var(--line); }
  }
  .tag > .notice { grid-column: 1 / -1; padding: 40px 24px; place-content: center; justify-items: center; text-align: center; }
`;

const fields = css`
  .field { min-inline-size: 0; }
  .caption { display: flex; align-items: center; gap: 8px; min-block-size: 34px; margin-block-end: 6px; }
  .title { font-weight: 600; }
  .mark { color: var(--accent); margin-inline-start: 2px; }
  .about, .forget {
    inline-size: 24px;
    block-size: 24px;
    flex: none;
    padding: 0;
    border: 1px solid var(--line);
    border-radius: 50%;
    background: none;
    color: var(--muted);
    font-size: 13px;
    line-height: 1;
    cursor: pointer;
  }
  .about:hover, .forget:hover:enabled, .about[aria-expanded="true"] { color: var(--accent); border-color: var(--accent); }
  .forget { border-color: transparent; font-size: 17px; }
  .forget:disabled { visibility: hidden; }
  .entry { display: flex; align-items: center; gap: 6px; margin-inline-start: auto; }
  .number {
    inline-size: 92px;
    min-block-size: 34px;
    padding: 4px 8px;
    border: 1px solid var(--edge);
    border-radius: 8px;
    background: var(--surface);
    text-align: end;
    font-variant-numeric: tabular-nums;
    appearance: textfield;
  }
  .number::-webkit-inner-spin-button { display: none; }
  .number::placeholder { color: var(--muted); opacity: 1; }
  .unit { color: var(--muted); min-inline-size: 1.6em; }
  [aria-invalid="true"] { border-color: var(--alarm) !important; }
  .help, .hint, .legend, .level-help { color: var(--muted); font-size: 13px; }
  .help { margin-block-start: 6px; }
  .fault, .warning { margin-block-start: 6px; font-size: 13px; font-weight: 600; }
  .fault { color: var(--alarm); }
  .warning { color: var(--accent); }
  .legend { font-size: 12px; }

  .slider { appearance: none; display: block; inline-size: 100%; block-size: 28px; margin: 0; background: none; cursor: pointer; }
  .slider::-webkit-slider-runnable-track {
    block-size: 4px;
    border-radius: 2px;
    background: linear-gradient(to right, var(--accent) var(--filled), var(--line) 0);
  }
  .slider:dir(rtl)::-webkit-slider-runnable-track { background: linear-gradient(to left, var(--accent) var(--filled), var(--line) 0); }
  .slider::-webkit-slider-thumb {
    appearance: none;
    inline-size: 24px;
    block-size: 24px;
    margin-block-start: -10px;
    border: 2px solid var(--accent);
    border-radius: 50%;
    background: var(--surface);
  }
  .slider::-moz-range-track { block-size: 4px; border-radius: 2px; background: var(--line); }
  .slider::-moz-range-progress { block-size: 4px; border-radius: 2px; background: var(--accent); }
  .slider::-moz-range-thumb { inline-size: 20px; block-size: 20px; border: 2px solid var(--accent); border-radius: 50%; background: var(--surface); }
  .slider.resting { --filled: 0% !important; }
  .slider.resting::-webkit-slider-thumb { border-color: var(--edge); }

  .levels { display: flex; border: 1px solid var(--edge); border-radius: 10px; overflow: hidden; }
  [aria-invalid="true"] .levels { border-color: var(--alarm); }
  .level { position: relative; flex: 1 1 auto; display: flex; cursor: pointer; }
  .level input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
  .level span {
    flex: 1;
    display: grid;
    place-items: center;
    min-block-size: 38px;
    padding: 4px 6px;
    font-size: 13.5px;
    line-height: 1.15;
    text-align: center;
  }
  .levels .level + .level { border-inline-start: 1px solid var(--line); }
  .level:hover span { background: var(--well); }
  .level input:checked + span { background: var(--accent); color: var(--surface); font-weight: 600; }
  .level input:focus-visible + span { outline-offset: -4px; outline-color: currentColor; }
  .unset { display: inline-flex; margin-block-end: 6px; }
  .unset span { border: 1px solid var(--edge); border-radius: 10px; min-block-size: 28px; padding: 2px 12px; }
  .ends { display: flex; justify-content: space-between; margin-block-start: 3px; color: var(--muted); font-size: 11.5px; }
  .level-help { display: grid; margin-block-start: 2px; }
  .level-help p { grid-area: 1 / 1; visibility: hidden; }
  .level-help [data-shown] { visibility: visible; }
  select { inline-size: 100%; min-block-size: 38px; padding: 6px 8px; border: 1px solid var(--edge); border-radius: 8px; background: var(--surface); }

  .more { border-block-start: 1px solid var(--line); padding-block-start: 12px; }
  .more summary { min-block-size: 32px; padding-block: 4px; font-weight: 600; cursor: pointer; border-radius: 4px; }
  .more .hint { margin-block-end: 14px; }
  .more .field + .field { margin-block-start: 14px; }
`;

const answer = css`
  h3 { font: 600 12px / 1.4 var(--sans); letter-spacing: 0.09em; text-transform: uppercase; color: var(--muted); }
  .amount {
    min-block-size: 62px;
    font: 400 46px / 62px var(--serif);
    font-variant-numeric: lining-nums tabular-nums;
    letter-spacing: -0.01em;
    white-space: nowrap;
    transition: opacity 160ms;
  }
  .amount.stale { opacity: 0.62; }
  .range { min-block-size: 100px; }
  .range p { color: var(--muted); font-size: 13px; }
  .bar { position: relative; block-size: 6px; margin-block: 8px 7px; border-radius: 3px; background: linear-gradient(to right, var(--line), var(--accent), var(--line)); }
  .bar i {
    position: absolute;
    inset-block-start: -4px;
    inline-size: 4px;
    block-size: 14px;
    margin-inline-start: -2px;
    border-radius: 2px;
    background: var(--ink);
    box-shadow: 0 0 0 2px var(--well);
    transition: inset-inline-start 160ms;
  }
  .bounds { display: flex; justify-content: space-between; font-variant-numeric: tabular-nums; font-size: 14px; }
  .switch { position: relative; display: inline-flex; align-items: center; gap: 10px; min-block-size: 32px; margin-block-start: 6px; font-weight: 600; cursor: pointer; }
  .switch input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
  .track { flex: none; position: relative; inline-size: 44px; block-size: 24px; border: 2px solid var(--edge); border-radius: 12px; transition: 160ms; transition-property: background, border-color; }
  .track::after {
    content: "";
    position: absolute;
    inset-block-start: 2px;
    inset-inline-start: 2px;
    inline-size: 16px;
    block-size: 16px;
    border-radius: 50%;
    background: var(--edge);
    transition: inset-inline-start 160ms;
  }
  .switch input:checked + .track { background: var(--accent); border-color: var(--accent); }
  .switch input:checked + .track::after { inset-inline-start: 22px; background: var(--surface); }
  .status { min-block-size: 38px; margin-block-start: 4px; color: var(--muted); font-size: 13px; }

  .comparables ul { display: grid; gap: 8px; }
  .comparables h3 { margin-block-end: 10px; }
  .comparables { min-block-size: 234px; }
  .card { display: grid; grid-template-columns: 1fr auto; gap: 0 12px; min-block-size: 62px; padding: 10px 14px; background: var(--surface); border: 1px solid var(--line); border-radius: 10px; font-variant-numeric: tabular-nums; }
  .card span { color: var(--muted); font-size: 13px; }
  .card span:nth-of-type(1), .card small { text-align: end; }
  .card small { color: var(--muted); font-size: 12px; }
  .note { color: var(--muted); font-size: 13px; }

  .notice { display: grid; gap: 10px; justify-items: start; align-content: start; min-block-size: 100px; }
  .notice p { font-weight: 600; }
  .retry { min-block-size: 36px; padding: 6px 16px; border: 1px solid var(--accent); border-radius: 18px; background: none; color: var(--accent); font-weight: 600; cursor: pointer; }
  .retry:hover { background: var(--accent); color: var(--surface); }

  .bone { display: inline-block; inline-size: 5em; block-size: 0.8em; border-radius: 6px; background: var(--line); }
  .bone.line { inline-size: 30%; block-size: 14px; }
  .bone.block { display: block; inline-size: 100%; block-size: 38px; margin-block: 12px 36px; }
  .card.bone { inline-size: auto; block-size: auto; background: none; }
  @media (prefers-reduced-motion: reduce) {
    *, ::before, ::after { transition: none !important; animation: none !important; }
  }
  @media (forced-colors: active) {
    .level input:checked + span { background: Highlight; color: HighlightText; forced-color-adjust: none; }
  }
`;

export const styles = [palette, layout, fields, answer];
