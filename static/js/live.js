// Live parts: htmx replaces them from an event stream. Here is what a stream needs around it: words while
// the connection is lost, a new try, the countdown, and the form that turns a confirmed scan into a page.
import htmx from 'htmx.org/dist/htmx.esm.js';
import 'htmx.org/dist/ext/hx-sse.js';

const again = 3000;

// A refusal is never swapped into a live part: the part says that it is out of touch instead.
htmx.config.noSwap = [204, 304, '3xx', '4xx', '5xx'];
htmx.config.history = false;

function touch(live, lost) {
  const words = document.querySelector(`[data-live-lost="${live.id}"]`);
  if (words) words.hidden = !lost;
}

function lose(event) {
  const live = event.target.closest?.('[data-live]');
  if (!live) return;
  touch(live, true);
  // htmx tries again by itself once a stream has stood; before that nobody does.
  if (event.type !== 'htmx:sse:error') setTimeout(() => htmx.trigger(live, 'again'), again);
}

for (const name of ['htmx:error', 'htmx:response:error', 'htmx:sse:error']) document.addEventListener(name, lose);

document.addEventListener('htmx:sse:after:connection', (event) => touch(event.target, false));
// start is told what to do with each new inside.
export function start(arrived) {
  document.addEventListener('htmx:sse:after:message', (event) => {
    touch(event.target, false);
    arrived(event.target);
  });
}

// The countdown runs on this machine's clock from the seconds that the server gave.
const ends = new WeakMap();

function count() {
  for (const timer of document.querySelectorAll('[data-left]')) {
    if (!ends.has(timer)) ends.set(timer, performance.now() + timer.dataset.left * 1000);
    const left = Math.max(0, Math.ceil((ends.get(timer) - performance.now()) / 1000));
    const words = timer.dataset.words.replace('{m}', Math.floor(left / 60)).replace('{s}', left % 60);
    if (timer.textContent !== words) timer.textContent = words;
  }
}

count();
setInterval(count, 250);
