// Where the list of a combobox opens: in the page's top layer, so that nothing cuts it off, under its field or above it.

const gap = 4;
const tallest = 280;
/** Less room than this below the field, and more above it, opens the list upwards. */
const least = 160;

function place(list: HTMLElement): void {
  const field = list.previousElementSibling;
  if (!field) return;
  const { top, bottom, left, width } = field.getBoundingClientRect();
  const [above, below] = [top - 2 * gap, window.innerHeight - bottom - 2 * gap];
  const upwards = below < least && above > below;
  const room = Math.min(tallest, upwards ? above : below);
  Object.assign(list.style, {
    left: `${left}px`,
    inlineSize: `${width}px`,
    maxBlockSize: `${room}px`,
    top: upwards ? "auto" : `${bottom + gap}px`,
    bottom: upwards ? `${window.innerHeight - top + gap}px` : "auto",
  });
}

const following = new WeakMap<HTMLElement, AbortController>();

/** Opens or closes `element`, the list that stands after its field, keeps it beside that, and the active choice in sight. */
export function placeList(element: Element | undefined, open: boolean): void {
  if (!(element instanceof HTMLElement)) return;
  // A browser without popovers shows the list where it is told to all the same.
  element.classList.toggle("open", open);
  if (!open) {
    following.get(element)?.abort();
    following.delete(element);
    if (element.popover && element.matches(":popover-open")) element.hidePopover();
    return;
  }
  if (!following.has(element)) {
    const stop = new AbortController();
    following.set(element, stop);
    const follow = () => (element.isConnected ? place(element) : stop.abort());
    // The page or a box within it may be scrolled under the open list.
    window.addEventListener("scroll", follow, { capture: true, passive: true, signal: stop.signal });
    window.addEventListener("resize", follow, { signal: stop.signal });
    element.showPopover?.();
  }
  place(element);
  // The choices are drawn after this is called.
  requestAnimationFrame(() => element.querySelector(".active")?.scrollIntoView({ block: "nearest" }));
}
