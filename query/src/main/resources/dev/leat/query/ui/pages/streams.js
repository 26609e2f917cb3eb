// All streams at a glance, or one closely.
import {html, nothing, drawn, every} from '../parts/dom.js';
import {firstEvent} from '../parts/first-event.js';
import {failed, loading} from '../parts/states.js';
import {spark} from '../parts/spark.js';
import {get} from '../api.js';
import {live} from '../live.js';
import {bytes, number, short, span} from '../format.js';
import {mountStream} from './stream.js';

export function mount(root, [name]) {
  return name ? mountStream(root, name) : mountList(root);
}

function mountList(root) {
  const state = {streams: null, problem: null, system: false};
  const view = drawn(root, () => page(state, view));
  const load = async () => {
    try {
      state.streams = (await get('/v1/streams')).streams;
      state.problem = null;
    } catch (problem) {
      state.problem = problem;
    }
    view.draw();
  };
  const stop = every(3000, load);
  live.addEventListener('change', view.draw);
  return () => {
    stop();
    live.removeEventListener('change', view.draw);
    view.stop();
  };
}

function page(state, view) {
  return html`<div class="head"><h1>Streams</h1><p class="lede">Each stream is a table of the same name in SQL.</p></div>
    ${state.problem ? failed(state.problem) : nothing}
    ${live.empty ? firstEvent() : nothing}
    ${state.streams ? table(state, view) : state.problem ? nothing : loading('Asking which streams there are')}`;
}

function table(state, view) {
  const shown = state.streams.filter(one => state.system || one.kind === 'stream');
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Streams"><table class="grid rows-link">
    <thead><tr><th scope="col">Stream</th><th scope="col" class="num">Events/s</th><th scope="col">Last minute</th>
      <th scope="col" class="num">Newest</th><th scope="col" class="num">Rows</th><th scope="col" class="num">At rest</th><th scope="col" class="num">Per event</th>
      <th scope="col" class="num">Smaller by</th><th scope="col" class="num">Dead letters</th></tr></thead>
    <tbody>${shown.map(row)}</tbody></table></div>
    <label class="check"><input type="checkbox" .checked=${state.system}
      @change=${event => { state.system = event.target.checked; view.draw(); }}> Show what Leat fills itself</label>`;
}

const newest = seconds => (seconds === null ? html`<span class="quiet">not of late</span>` : seconds < 3 ? 'just now' : `${span(Math.round(seconds))} ago`);

function row(stream) {
  const total = one => one.streams[stream.name]?.stored ?? 0;
  const known = live.latest?.streams[stream.name];
  const ratio = stream.bytesPerEvent && stream.payloadBytesPerEvent ? stream.payloadBytesPerEvent / stream.bytesPerEvent : null;
  return html`<tr><th scope="row"><a href="#/streams/${encodeURIComponent(stream.name)}">${stream.name}</a>
      ${stream.kind === 'system' ? html`<span class="tag">system</span>` : nothing}</th>
    <td class="num">${known ? short(live.rate(total)) : '–'}</td>
    <td>${known ? spark(live.rates(total), `${stream.name}, events per second in the last minute`) : nothing}</td>
    <td class="num">${known ? newest(live.quiet(total)) : '–'}</td>
    <td class="num">${number(stream.rows)}</td><td class="num">${bytes(stream.bytes)}</td>
    <td class="num">${stream.bytesPerEvent === null ? '–' : bytes(stream.bytesPerEvent)}</td>
    <td class="num">${ratio ? `${ratio.toFixed(1)}×` : '–'}</td>
    <td class="num ${known?.deadLettered > 0 ? 'bad' : ''}">${known ? number(known.deadLettered) : '–'}</td></tr>`;
}
