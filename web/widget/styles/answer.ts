// How the price looks, its range, and what is said in its place.
import { css } from "lit";

export const answer = css`
  h2 { font: 600 12px / 1.4 var(--sans); letter-spacing: 0.09em; text-transform: uppercase; color: var(--muted); }
  h2:lang(es), h2:lang(it) { letter-spacing: 0.06em; }
  .amount {
    min-block-size: 62px;
    font: 400 46px / 62px var(--serif);
    font-variant-numeric: lining-nums tabular-nums;
    letter-spacing: -0.01em;
    white-space: nowrap;
    transition: opacity 160ms;
  }
  .amount.long { font-size: 30px; }
  .amount.stale { opacity: 0.62; }
  .range { min-block-size: 78px; }
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

  .notice { display: grid; gap: 10px; justify-items: start; align-content: start; min-block-size: 100px; }
  .notice p { font-weight: 600; }
  .actions { display: flex; flex-wrap: wrap; gap: 8px; }
  .plain { min-block-size: 28px; padding: 2px 0; border: 0; background: none; color: var(--accent); font-size: 13px; font-weight: 600; text-decoration: underline; text-underline-offset: 3px; cursor: pointer; }
  .retry { min-block-size: 36px; padding: 6px 16px; border: 1px solid var(--accent); border-radius: 18px; background: none; color: var(--accent); font-weight: 600; cursor: pointer; }
  .retry:hover { background: var(--accent); color: var(--surface); }

  .bone { display: inline-block; inline-size: 5em; block-size: 0.8em; border-radius: 6px; background: var(--line); }
  .bone.line { inline-size: 30%; block-size: 14px; }
  .bone.block { display: block; inline-size: 100%; block-size: 38px; margin-block: 12px 36px; }
  @media (prefers-reduced-motion: reduce) {
    *, ::before, ::after { transition: none !important; animation: none !important; }
  }
  @media (forced-colors: active) {
    .level input:checked + span { background: Highlight; color: HighlightText; forced-color-adjust: none; }
  }
`;
