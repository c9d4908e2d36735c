// How long lists, dates, places and their plots look.
import { css } from "lit";

export const choices = css`
  .number.date { inline-size: auto; min-inline-size: 138px; text-align: start; }
  .text { inline-size: 100%; min-block-size: 38px; padding: 6px 10px; border: 1px solid var(--edge); border-radius: 8px; background: var(--surface); text-overflow: ellipsis; }
  .text::placeholder { color: var(--muted); opacity: 1; }
  .combo ul {
    position: fixed;
    inset: auto;
    margin: 0;
    padding: 4px;
    overflow: auto;
    overscroll-behavior: contain;
    border: 1px solid var(--edge);
    border-radius: 10px;
    background: var(--surface);
    color: var(--ink);
    font-size: 14px;
    box-shadow: 0 8px 24px rgb(0 0 0 / 18%);
    z-index: 1;
  }
  .combo ul:not(.open) { display: none; }
  .combo li { padding: 6px 8px; border-radius: 6px; cursor: pointer; overflow-wrap: anywhere; }
  .combo li:hover { background: var(--well); }
  .combo li[aria-selected="true"] { font-weight: 600; }
  .combo li.active { background: var(--accent); color: var(--surface); }
  .combo li.aside { color: var(--muted); background: none; cursor: default; }

  .switch.unknown .track::after { inset-inline-start: 12px; opacity: 0.6; }
  .entry .switch { margin: 0; font-weight: 400; }

  .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; }
  .pair .part { color: var(--muted); font-size: 13px; }
  .pair .entry { margin: 0; }
  .pair .number { inline-size: 100%; }
  .place .ground { margin-block-start: 10px; aspect-ratio: 2.2; }
  .ground { position: relative; aspect-ratio: 1.6; overflow: hidden; border: 1px solid var(--line); border-radius: 10px; background: var(--well); direction: ltr; }
  .behind .ground { background: var(--surface); margin-block-end: 8px; }
  .picker.active { cursor: crosshair; }
  .ground svg { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; }
  .ground .usual { fill: var(--accent); opacity: 0.1; }
  .ground .ring { fill: none; stroke: var(--edge); stroke-width: 1; stroke-dasharray: 3 3; vector-effect: non-scaling-stroke; }
  .ground .mark-here { margin: -6px; }
  .ground .across, .ground .down { position: absolute; background: var(--edge); opacity: 0.5; }
  .ground .across { inset-inline: 0; block-size: 1px; }
  .ground .down { inset-block: 0; inline-size: 1px; }
  .ground .dot { position: absolute; inline-size: 10px; block-size: 10px; margin: -5px; border: 2px solid var(--accent); border-radius: 50%; background: var(--surface); }
  .ground .dot.same { background: var(--accent); }
  .ground .dot b { position: absolute; inset-block-end: 9px; inset-inline-start: 9px; padding: 0 3px; border-radius: 4px; background: var(--surface); color: var(--ink); font: 600 11px / 1.3 var(--sans); }
  .rank { color: var(--muted); font: 400 12px var(--sans); font-style: normal; }
  .ground .edge { position: absolute; color: var(--muted); font-size: 11px; line-height: 1.3; font-variant-numeric: tabular-nums; }
  .ground .north, .ground .south { left: 50%; transform: translateX(6px); }
  .ground .north { top: 2px; }
  .ground .south { bottom: 2px; }
  .ground .west, .ground .east { top: 50%; transform: translateY(2px); }
  .ground .west { left: 5px; }
  .ground .east { right: 5px; }
  .ground .ring-label { position: absolute; transform: translate(-50%, -50%); padding: 0 3px; border-radius: 4px; background: var(--surface); color: var(--muted); font-size: 11px; line-height: 1.3; white-space: nowrap; }
  .ground .credit { position: absolute; inset-block-end: 0; inset-inline-end: 0; padding: 1px 5px; background: var(--surface); color: var(--muted); font-size: 10.5px; }
`;
