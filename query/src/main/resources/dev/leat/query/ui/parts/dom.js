// Templates, and drawing at most once a frame.
import {html, svg, render, nothing} from '/ui/lib/lit-html.js';
export {html, svg, render, nothing};

/** Draws into an element, first when the caller is done, then whenever asked, until it is stopped. */
export function drawn(element, draw) {
  let alive = true;
  let queued = 0;
  const now = () => {
    queued = 0;
    if (alive) render(draw(), element);
  };
  queueMicrotask(now);
  return {
    draw() { if (alive && queued === 0) queued = requestAnimationFrame(now); },
    stop() {
      alive = false;
      cancelAnimationFrame(queued);
    },
  };
}

/** Calls back now and then until it is stopped; never twice at once, and not while nobody looks. */
export function every(millis, task) {
  let alive = true;
  let timer = 0;
  const turn = async () => {
    if (!document.hidden) await task();
    if (alive) timer = setTimeout(turn, millis);
  };
  turn();
  return () => {
    alive = false;
    clearTimeout(timer);
  };
}
