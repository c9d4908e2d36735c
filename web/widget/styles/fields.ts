// How the form looks: captions, numbers, sliders, scales.
import { css } from "lit";

export const fields = css`
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
