// Where things stand: one column, two where there is room, three where the page asks for a wide one.
import { css } from "lit";

export const layout = css`
  .tag {
    position: relative;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    overflow: hidden;
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  .form { display: grid; gap: 22px; align-content: start; padding: 24px 18px; }
  .side, .behind { padding: 24px 18px; background: var(--well); }
  .side { border-block-start: 1px solid var(--line); padding-block-end: 12px; }
  .behind { padding-block: 0; }
  .like { padding-block-end: 18px; }
  .tag > .notice { grid-column: 1 / -1; padding: 40px 24px; place-content: center; justify-items: center; text-align: center; }

  /* The curve stands under the sliders that it is about; the fourth row is its own, so that neither column waits for the other. */
  @container (min-width: 700px) {
    .tag:not(.compact) {
      grid-template: "form side" auto "form reasons" auto "form like" 1fr "drawn like" auto / minmax(0, 1.35fr) minmax(0, 1fr);
    }
    .tag:not(.compact) .form { grid-area: form; padding: 30px 30px 22px; border-inline-end: 1px solid var(--line); }
    .tag:not(.compact) .side { grid-area: side; padding: 30px 30px 12px; border-block-start: 0; }
    .tag:not(.compact) .behind { padding-inline: 30px; }
    .tag:not(.compact) .drawn { grid-area: drawn; background: var(--surface); border-inline-end: 1px solid var(--line); padding-block-end: 14px; }
    .tag:not(.compact) .reasons { grid-area: reasons; }
    .tag:not(.compact) .like { grid-area: like; padding-block-end: 20px; }
  }
  @container (min-width: 1020px) {
    .tag.wide {
      grid-template: "form side drawn" auto "form like drawn" auto "form like reasons" 1fr / minmax(0, 1.25fr) minmax(0, 0.95fr) minmax(0, 1.05fr);
    }
    .tag.wide .form { padding: 34px; }
    .tag.wide .side { padding: 34px 34px 14px; }
    .tag.wide .behind { padding-inline: 34px; }
    .tag.wide .drawn, .tag.wide .reasons { background: var(--surface); border-inline: 0; border-inline-start: 1px solid var(--line); }
    .tag.wide .drawn { padding-block: 22px 0; }
    .tag.wide .drawn .section { border-block-start: 0; }
  }

  /* Eight grades side by side on the narrowest phones. */
  @container (max-width: 400px) {
    .level span { padding-inline: 2px; font-size: 12.5px; }
  }

  .tag.compact { max-inline-size: 420px; font-size: 14px; }
  .tag.compact .form { gap: 14px; padding: 16px; }
  .tag.compact .side { padding: 16px 16px 6px; }
  .tag.compact .behind { padding: 0 16px; }
  .tag.compact .like { padding-block-end: 10px; }
  .tag.compact .level-help, .tag.compact .ends { display: none; }
  .tag.compact .level span { min-block-size: 32px; padding-inline: 3px; font-size: 12.5px; }
  .tag.compact .amount { min-block-size: 46px; font-size: 34px; line-height: 46px; }
`;
