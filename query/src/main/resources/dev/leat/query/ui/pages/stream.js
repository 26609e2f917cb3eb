// One stream closely: figures, partitions, keys, fields, and its latest events.
import {html, nothing, drawn, every} from '../parts/dom.js';
import {figures} from '../parts/figure.js';
import {failed, loading} from '../parts/states.js';
import {get} from '../api.js';
import {live} from '../live.js';
import {ago, bytes, clock, number, percent, short, span} from '../format.js';
import {tail} from './stream-tail.js';

export function mountStream(root, name) {
  const state = {name, stream: null, recent: null, stages: null, events: null, problem: null};
  const view = drawn(root, () => page(state));
  const load = async () => {
    try {
      const [all, recent] = await Promise.all([get('/v1/streams'), get(`/v1/streams/${encodeURIComponent(name)}/recent`)]);
      state.stream = all.streams.find(one => one.name === name);
      state.recent = recent;
      // What Leat fills itself has other columns; SQL shows it.
      if (state.stream?.kind === 'stream') state.events ??= tail(name, view.draw);
      state.problem = null;
    } catch (problem) {
      state.problem = problem;
    }
    view.draw();
  };
  get('/v1/definition').then(answer => {
    state.stages = answer.streams.find(one => one.name === name);
    view.draw();
  }, () => {});
  const stop = every(3000, load);
  const changed = () => view.draw();
  live.addEventListener('change', changed);
  return () => {
    stop();
    state.events?.stop();
    live.removeEventListener('change', changed);
    view.stop();
  };
}

function page(state) {
  return html`<div class="head"><p class="trail"><a href="#/streams">Streams</a></p><h1>${state.name}</h1></div>
    ${state.problem ? failed(state.problem) : nothing}
    ${state.stream && state.recent ? html`${top(state)}
      <div class="columns">${partitions(state.recent)}${hotKeys(state.recent)}</div>
      ${state.events?.view() ?? nothing}${schema(state)}` : state.problem ? nothing : loading('Looking at the stream')}`;
}

function top({name, stream, recent}) {
  const total = one => one.streams[name]?.stored ?? 0;
  const ratio = stream.bytesPerEvent && stream.payloadBytesPerEvent ? stream.payloadBytesPerEvent / stream.bytesPerEvent : null;
  return figures([
    {name: 'Events/s', value: short(live.rate(total)), values: live.rates(total)},
    {name: 'Rows', value: short(stream.rows), note: stream.hotRows > 0 ? `${short(stream.hotRows)} in memory` : ''},
    {name: 'At rest', value: bytes(stream.bytes), note: `${number(stream.files)} files`},
    {name: 'Per event', value: stream.bytesPerEvent === null ? '–' : bytes(stream.bytesPerEvent),
      note: ratio ? `${ratio.toFixed(1)}× smaller than sent` : ''},
    {name: 'Newest row', value: ago(recent.lastReceived, Date.parse(live.latest?.time ?? recent.asOf.time)),
      note: recent.latestTime ? `event time ${clock(recent.latestTime)}` : ''},
  ]);
}

function partitions({partitions: list, events}) {
  const most = Math.max(...list.map(one => one.events), 1);
  const skew = list.length > 1 ? most / (events / list.length) : 1;
  return html`<section aria-labelledby="parts-title"><h2 id="parts-title">Partitions</h2>
    <p class="aside">Of the latest ${number(events)} events. ${list.length > 1
      ? html`The fullest has <b class=${skew > 1.5 ? 'warn' : ''}>${skew.toFixed(2)}×</b> the average.` : nothing}</p>
    <ul class="bars">${list.map(one => html`<li><span class="label">${one.shard}</span>
      <span class="track"><span class="bar" .style=${`width:${one.events / most * 100}%`}></span></span>
      <span class="num">${percent(one.events / events)}</span></li>`)}</ul></section>`;
}

function hotKeys({keys, events, distinctKeys}) {
  return html`<section aria-labelledby="keys-head"><h2 id="keys-head">Hot keys</h2>
    <p class="aside">${keys.length === 0 ? 'These events have no key and spread by themselves.' : html`About ${number(distinctKeys)} keys;
      the most frequent of the latest events.`}</p>
    <ol class="bars">${keys.slice(0, 6).map(one => html`<li><span class="label wide" title=${one.key}>${one.key}</span>
      <span class="track"><span class="bar ${one.events / events > 0.1 ? 'warn' : ''}" .style=${`width:${one.events / keys[0].events * 100}%`}></span></span>
      <span class="num">${percent(one.events / events)}</span></li>`)}</ol></section>`;
}

const ENVELOPE = [['id', 'VARCHAR'], ['source', 'VARCHAR'], ['type', 'VARCHAR'], ['subject', 'VARCHAR'], ['time', 'TIMESTAMP'],
  ['received_at', 'TIMESTAMP'], ['partition_key', 'VARCHAR'], ['sampled_rate', 'INTEGER'], ['shard', 'INTEGER'], ['log_offset', 'BIGINT']];

function schema({stream, stages}) {
  return html`<section aria-labelledby="schema-title"><h2 id="schema-title">Fields</h2>
    <p class="aside">${stages?.schema ? html`Declared by <code>${stages.schema}</code>.` : 'No schema: fields are taken as they come.'}
      ${stages?.match ? html` Takes events where <code>${stages.match}</code>.` : stages ? ' Takes what no other stream does.' : nothing}
      ${stages?.dedupSeconds > 0 ? html` Copies are recognised for ${span(stages.dedupSeconds)}.` : nothing}
      ${stream.retention ? html` Rows are kept for <code>${stream.retention}</code>.` : nothing}</p>
    <ul class="fields">${stream.fields.map(field => html`<li><code>${field.name}</code> <span>${field.type}</span></li>`)}
      ${stream.kind === 'stream' ? ENVELOPE.map(([field, type]) => html`<li class="quiet"><code>${field}</code> <span>${type}</span></li>`) : nothing}</ul></section>`;
}
