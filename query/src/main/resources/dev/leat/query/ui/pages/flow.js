// The pipeline as it is, with what runs through it now, and the balance.
import {html, nothing, drawn} from '../parts/dom.js';
import {balanceLine} from '../parts/balance.js';
import {figures} from '../parts/figure.js';
import {firstEvent} from '../parts/first-event.js';
import {loading, failed} from '../parts/states.js';
import {get} from '../api.js';
import {live} from '../live.js';
import {diagram} from './flow-diagram.js';
import {flowNodes} from './flow-nodes.js';
import {millis, short} from '../format.js';

export function mount(root) {
  const state = {streams: null, version: -1, letters: [], lettersAt: -1, lettersNext: 0, asking: null, problem: null, width: 0};
  const view = drawn(root, () => page(state));
  const width = new ResizeObserver(([entry]) => {
    state.width = Math.floor(entry.contentRect.width);
    view.draw();
  });
  width.observe(root);
  const changed = () => {
    if (!state.asking) {
      state.asking = refresh(state).then(() => { state.problem = null; }, problem => { state.problem = problem; })
        .finally(() => { state.asking = null; view.draw(); });
    }
    view.draw();
  };
  live.addEventListener('change', changed);
  changed();
  return () => {
    live.removeEventListener('change', changed);
    width.disconnect();
    view.stop();
  };
}

/** What changes seldom is asked for only when a sample says that it changed. */
async function refresh(state) {
  const sample = live.latest;
  if (!sample) return;
  if (sample.engine.definition !== state.version) {
    state.streams = (await get('/v1/definition')).streams;
    state.version = sample.engine.definition;
  }
  const letters = sample.balance.deadLettered;
  if (letters !== state.lettersAt && performance.now() > state.lettersNext) {
    state.lettersNext = performance.now() + 5000;
    state.letters = letters === 0 ? [] : (await get('/v1/dead-letters/groups?limit=200')).groups;
    state.lettersAt = letters;
  }
}

function page(state) {
  const sample = live.latest;
  return html`<div class="head"><h1>Flow</h1>${sample ? lede(sample) : nothing}</div>
    ${state.problem && live.state !== 'lost' ? failed(state.problem) : nothing}
    ${sample ? alarms(sample) : nothing}${live.empty ? firstEvent() : nothing}
    ${!sample || !state.streams || state.width === 0
      ? loading('Waiting for the first figures')
      : html`<div class="diagram ${live.empty ? 'dry' : ''}">${diagram(flowNodes(sample, state), state.width)}</div>
        ${balanceLine(sample.balance)}${minutes(sample)}`}`;
}

function lede(sample) {
  const rate = live.rate(one => one.door.events);
  const {p50, count} = sample.engine.showing;
  return html`<p class="lede"><b>${short(rate)}</b> events/s${count > 0
    ? html`, queryable <b>${millis(p50)}</b> after they come in (median)` : nothing}</p>`;
}

/** The same figures over the last five minutes, as far back as there are any. */
function minutes(sample) {
  const values = pick => live.samples.map(pick);
  const errors = one => one.door.refused + one.balance.deadLettered + one.engine.failedCommits;
  return figures([
    {name: 'Until durable, p99', value: millis(sample.log.keeping.count > 0 ? sample.log.keeping.p99 : null),
      note: `median ${millis(sample.log.keeping.count > 0 ? sample.log.keeping.p50 : null)}`, values: values(one => one.log.keeping.p99)},
    {name: 'Until queryable, p99', value: millis(sample.engine.showing.count > 0 ? sample.engine.showing.p99 : null),
      note: `median ${millis(sample.engine.showing.count > 0 ? sample.engine.showing.p50 : null)}`, values: values(one => one.engine.showing.p99)},
    {name: 'Waiting', value: short(sample.engine.lag), note: 'events not decided on', values: values(one => one.engine.lag)},
    {name: 'Errors/s', value: short(live.rate(errors)), note: 'refused, dead letters, failed commits', values: live.rates(errors, 300)},
  ]);
}

/** What somebody should look at, in words. */
function alarms(sample) {
  const words = [];
  if (!sample.log.writable) words.push(`Events can't be kept: ${sample.log.detail}`);
  if (!sample.engine.running) words.push(`Events are not processed: ${sample.engine.detail}`);
  if (!sample.store.healthy) words.push(`The store is not healthy: ${sample.store.detail}`);
  return words.length === 0 ? nothing : html`<div class="state failed" role="alert">${words.map(word => html`<p>${word}</p>`)}</div>`;
}
