// The card's style sheet: light and dark, one column on a phone, ink and hue as variables that the charts use too.

export const style = `
:root { color-scheme: light dark; --page: #fbfbf9; --card: #fff; --ink: #1b1b19; --soft: #5d5c57; --line: #e3e2dc;
  --first: #2467c4; --second: #c2571a; --good: #17803d; --bad: #b3261e; --track: #efeee9; }
@media (prefers-color-scheme: dark) { :root { --page: #161615; --card: #1f1f1d; --ink: #f0efea; --soft: #aeada5; --line: #383733;
  --first: #6ea8f7; --second: #f0935a; --good: #5cc983; --bad: #ff8f86; --track: #2b2a27; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1260px; padding: 24px 20px 64px; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Open Sans", sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 4px; text-wrap: balance; }
h2 { font-size: 1.25rem; margin: 48px 0 4px; padding-top: 20px; border-top: 1px solid var(--line); }
h3 { font-size: 0.95rem; line-height: 1.35; margin: 0 0 6px; }
p { margin: 0 0 12px; max-width: 72ch; }
a { color: var(--first); }
code { font: 0.85em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.soft, figcaption { color: var(--soft); }
nav { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 16px 0 0; font-size: 0.9rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 12px; margin: 20px 0 0; padding: 0; list-style: none; }
.tiles li { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 14px; }
.tiles b { display: block; font-size: 1.5rem; line-height: 1.25; font-weight: 650; }
.tiles span { font-size: 0.85rem; color: var(--soft); }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 372px), 1fr)); gap: 16px; margin: 16px 0; align-items: start; }
figure, .panel { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 14px 12px; min-width: 0; }
figure svg { display: block; width: 100%; height: auto; max-width: 440px; margin: 0 auto; overflow: visible; --plot-background: var(--card); font: 12px system-ui, sans-serif; }
figure svg text { white-space: pre; font-size: 12px; }
figcaption { font-size: 0.85rem; line-height: 1.45; margin-top: 8px; }
details { margin-top: 8px; font-size: 0.9rem; }
summary { cursor: pointer; color: var(--first); padding: 4px 0; }
.others { margin-top: 16px; } .choices { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0 0; align-items: start; }
.choices > details { margin: 0; } .choices summary { padding: 4px 12px; border: 1px solid var(--line); border-radius: 99px; background: var(--card); list-style: none; }
.choices summary::-webkit-details-marker { display: none; } .choices figure summary { padding: 4px 0; border: 0; background: none; }
.choices > [open] { flex-basis: 100%; max-width: 440px; } .choices > [open] > summary { display: inline-block; margin-bottom: 8px; border-color: var(--first); }
.scroll { overflow-x: auto; margin: 12px 0; }
table { border-collapse: collapse; font-size: 0.875rem; min-width: min(100%, 34rem); font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); font-size: 0.85rem; padding-bottom: 6px; }
th, td { text-align: left; padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { color: var(--soft); font-weight: 500; vertical-align: bottom; }
tbody th { font-weight: 500; }
.number { text-align: right; white-space: nowrap; }
th:last-child, td:last-child { padding-right: 2px; }
dl { display: grid; grid-template-columns: minmax(130px, max-content) minmax(0, 1fr); gap: 4px 20px; margin: 12px 0; font-size: 0.9rem; }
dt { color: var(--soft); } dd { margin: 0; }
.verdict { display: inline-block; font-weight: 650; padding: 2px 10px; border-radius: 99px; border: 1px solid currentColor; }
.verdict.good { color: var(--good); } .verdict.bad { color: var(--bad); }
:focus-visible { outline: 2px solid var(--first); outline-offset: 2px; }
@media (max-width: 480px) { body { padding: 16px 12px 48px; } figure, .panel { padding: 12px 6px 10px; } figcaption, figure h3, figure details, .panel > * { padding: 0 6px; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 8px; } }
.panel table { min-width: 100%; }
details .scroll table { width: max-content; } details .scroll :is(th, td) { max-width: 22rem; }
@media print { figure, .panel, .tiles li { break-inside: avoid; } }
`;
