// How what stands behind the price looks: the parts that fold, the curve, the waterfall, the cards.
import { css } from "lit";

export const behind = css`
  .section { border-block-start: 1px solid var(--line); }
  .section > summary { display: flex; align-items: center; gap: 8px; min-block-size: 40px; cursor: pointer; list-style: none; border-radius: 4px; }
  .section > summary::-webkit-details-marker { display: none; }
  .section > summary h2 { flex: 1; }
  .section > summary::after {
    content: "";
    inline-size: 7px;
    block-size: 7px;
    margin-inline-end: 3px;
    border: solid var(--muted);
    border-width: 0 1.5px 1.5px 0;
    transform: translateY(-2px) rotate(45deg);
    transition: transform 160ms;
  }
  .section[open] > summary::after { transform: translateY(2px) rotate(225deg); }
  .section[open] { padding-block-end: 16px; }
  .note { color: var(--muted); font-size: 13px; }

  .whatIf[open] { min-block-size: 214px; }
  .curve { position: relative; block-size: 128px; margin-block: 8px 4px; border-block-end: 1px solid var(--edge); }
  .curve svg { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; overflow: visible; }
  .curve:dir(rtl) svg { transform: scaleX(-1); }
  .band { fill: var(--accent); opacity: 0.16; }
  .line { fill: none; stroke: var(--accent); stroke-width: 2; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
  .grid-line { position: absolute; inset-inline: 0; border-block-end: 1px dotted var(--line); font-size: 11px; line-height: 1; color: var(--muted); }
  .grid-line span { position: absolute; inset-block-end: 2px; inset-inline-start: 0; font-variant-numeric: tabular-nums; }
  .mark-here {
    position: absolute;
    inline-size: 12px;
    block-size: 12px;
    margin: 0 -6px -6px;
    border: 2px solid var(--well);
    border-radius: 50%;
    background: var(--ink);
    transition: 160ms;
    transition-property: inset-inline-start, inset-block-end;
  }
  .axis { position: relative; block-size: 18px; color: var(--muted); font-size: 12px; font-variant-numeric: tabular-nums; }
  .axis span { position: absolute; white-space: nowrap; transform: translateX(-50%); }
  .axis span:dir(rtl) { transform: translateX(50%); }
  .axis .first, .axis .last { transform: none; }
  .axis .last { inset-inline: auto 0 !important; }

  .why[open] { min-block-size: 340px; }
  .compact .why[open] { min-block-size: 0; }
  .waterfall { display: grid; gap: 7px; margin: 4px 0 8px; padding: 0; list-style: none; font-size: 13.5px; font-variant-numeric: tabular-nums; }
  .waterfall li { display: grid; grid-template-columns: 1fr auto; gap: 2px 12px; }
  .waterfall small { color: var(--muted); font-size: 12.5px; }
  .waterfall b { font-weight: 600; }
  .track-line { position: relative; grid-column: 1 / -1; block-size: 5px; background: linear-gradient(var(--line) 0 0) center / 100% 1px no-repeat; }
  .track-line i { position: absolute; inset-block: 0; min-inline-size: 2px; border-radius: 2px; transition: 200ms; transition-property: inset-inline-start, inline-size; }
  .track-line .whole { background: var(--ink); }
  .track-line .rise { background: var(--accent); }
  .track-line .fall { background: transparent; box-shadow: inset 0 0 0 1.5px var(--edge); }
  .steps { inline-size: 100%; margin-block: 4px 8px; border-collapse: collapse; font-size: 13.5px; font-variant-numeric: tabular-nums; }
  .steps th { font-weight: 400; text-align: start; }
  .steps thead th { color: var(--muted); font-size: 12px; }
  .steps td, .steps th { padding: 5px 0; border-block-end: 1px solid var(--line); }
  .steps td, .steps thead th:not(:first-child) { text-align: end; }

  .comparables[open] { min-block-size: 264px; }
  .compact .comparables[open] { min-block-size: 0; }
  .comparables ul { display: grid; gap: 8px; }
  .card {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 0 12px;
    min-block-size: 62px;
    padding: 10px 14px;
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: 10px;
    font-variant-numeric: tabular-nums;
  }
  .card.same { border-inline-start: 3px solid var(--accent); padding-inline-start: 12px; }
  .card span, .card small { color: var(--muted); font-size: 13px; }
  .card span:nth-of-type(1), .card small { text-align: end; }
  .card small { font-size: 12px; }
  .card.bone { inline-size: auto; block-size: auto; background: none; }
  .bones .bone { margin-block: 8px; block-size: 128px; inline-size: 100%; }
  .why .bones .bone { block-size: 270px; }
`;
