// Results of metrics over time: which, how far back, by which labels; with what is still open and what changed late.
import {html, nothing, drawn, every} from '../parts/dom.js';
import {chart} from '../parts/chart.js';
import {failed, loading, empty} from '../parts/states.js';
import {figures} from '../parts/figure.js';
import {get} from '../api.js';
import {clock, number, percent, short} from '../format.js';
import {metricPlot, pickMeasures} from './metric-plot.js';

const RANGES = [['-15m', '15 minutes'], ['-1h', '1 hour'], ['-6h', '6 hours'], ['-1d', '1 day'], ['-7d', '7 days'], ['-30d', '30 days'], ['', 'the latest there is']];

export function mount(root, [name]) {
  const state = {metrics: null, name, range: '', by: null, where: '', measure: null, answer: null, problem: null, plot: null};
  const view = drawn(root, () => page(state, actions));
  const load = async () => {
    try {
      state.metrics = (await get('/v1/metrics')).metrics;
      const info = chosen(state);
      if (info) await results(state, info);
      state.problem = null;
    } catch (problem) {
      state.problem = problem;
    }
    view.draw();
  };
  const actions = {change(changes) { Object.assign(state, changes); load(); }};
  const stop = every(5000, load);
  return () => {
    stop();
    view.stop();
  };
}

const chosen = ({metrics, name}) => metrics.find(one => one.name === name) ?? metrics[0];

async function results(state, info) {
  const query = new URLSearchParams();
  if (state.range) query.set('from', state.range);
  if (state.by !== null) query.set('by', state.by.join(','));
  const equal = state.where.indexOf('=');
  if (equal > 0) query.append('where', state.where.trim());
  const answer = await get(`/v1/metrics/${encodeURIComponent(info.name)}?${query}`);
  const text = JSON.stringify([answer.series, answer.watermark, state.measure]);
  if (text === state.text) return; // Nothing new: what is drawn stays.
  Object.assign(state, {text, answer, plot: metricPlot(answer, info, state.measure)});
}

function page(state, actions) {
  const {metrics, problem} = state;
  if (!metrics) return html`<div class="head"><h1>Metrics</h1></div>${problem ? failed(problem) : loading('Asking which metrics there are')}`;
  if (metrics.length === 0) return none();
  const info = chosen(state);
  return html`<div class="head"><h1>Metrics</h1><p class="lede">Counted while events come in; late events and corrections change what was said before.</p></div>
    ${controls(state, info, actions)}${problem ? failed(problem) : nothing}
    ${state.answer ? html`${drawing(state, info)}${counts(info)}${table(state)}` : problem ? nothing : loading('Asking for results')}`;
}

const none = () => html`<div class="head"><h1>Metrics</h1></div>${empty('No metrics are defined',
  html`A metric counts while events come in, and answers without touching a row. Add one to the definition, for example:`)}
  <section><pre tabindex="0" aria-label="Example">metrics:
  - name: events_per_minute
    from: events
    window: {tumbling: 1m}
    by: [type]
    measures: {events: count()}</pre></section>`;

function controls(state, info, {change}) {
  const by = state.by ?? info.labels;
  return html`<form class="controls" @submit=${event => event.preventDefault()}>
    <label>Metric<select @change=${event => change({name: event.target.value, by: null, measure: null, where: '', answer: null})}>
      ${state.metrics.map(one => html`<option .selected=${one === info} value=${one.name}>${one.name}</option>`)}</select></label>
    <label>Measure<select @change=${event => change({measure: event.target.value, text: ''})}>
      ${pickMeasures(info).map(one => html`<option .selected=${one.name === state.measure} value=${one.name}>${one.name} = ${one.text}</option>`)}</select></label>
    <label>From<select @change=${event => change({range: event.target.value})}>
      ${RANGES.map(([value, text]) => html`<option .selected=${value === state.range} value=${value}>${text}</option>`)}</select></label>
    <label>Only where<input placeholder=${info.labels.length > 0 ? `${info.labels[0]}=…` : 'no labels'} ?disabled=${info.labels.length === 0}
      .value=${state.where} @change=${event => change({where: event.target.value})}></label>
    ${info.labels.length > 0 ? html`<fieldset><legend>By</legend>${info.labels.map(label => html`<label class="check">
      <input type="checkbox" .checked=${by.includes(label)} @change=${event => change({by: event.target.checked
        ? info.labels.filter(one => one === label || by.includes(one)) : by.filter(one => one !== label)})}> ${label}</label>`)}</fieldset>` : nothing}
  </form>`;
}

function drawing(state, info) {
  const {plot, answer} = state;
  const approximate = answer.approximate.find(one => one.name === plot?.measure.name);
  return html`<section aria-labelledby="chart-title"><div class="row"><h2 id="chart-title">${info.name}: ${plot?.measure.name ?? ''}</h2>
      <span class="tag">${info.window}</span>
      ${approximate ? html`<span class="tag warn">≈ within ${percent(approximate.bound.error)} (${approximate.bound.kind}), ${percent(approximate.bound.confidence)} sure</span>`
        : html`<span class="tag good">exact</span>`}
      ${plot?.revised > 0 ? html`<span class="tag warn">○ ${number(plot.revised)} revised late</span>` : nothing}</div>
    ${plot && plot.x.length > 0 ? html`${chart(plot)}<p class="aside">${answer.watermark ? html`Event time has come to <b>${clock(answer.watermark)}</b>;
      windows in the shaded part still take events.` : nothing} ${plot.left > 0 ? html`${number(plot.left)} smaller series are not drawn.` : nothing}</p>`
      : html`<p class="state">No results in this stretch of time. ${info.counts.counted > 0 ? 'Choose another one.' : 'No event was counted yet.'}</p>`}</section>`;
}

function counts({counts: one, series, detail}) {
  return html`${figures([
    {name: 'Counted', value: short(one.counted)},
    {name: 'Late', value: short(one.late), note: 'their windows were revised'},
    {name: 'Too late', value: short(one.tooLate), note: one.pending > 0 ? `${number(one.pending)} stretches wait` : 'brought in by recomputing'},
    {name: 'Series', value: short(series), note: one.overflow > 0 ? `${short(one.overflow)} events share __other__` : ''},
  ])}${detail ? html`<p class="state">${detail}</p>` : nothing}`;
}

/** The latest points as numbers, for who can't see a drawing and who wants digits. */
function table({answer, plot}) {
  if (!plot || plot.x.length === 0) return nothing;
  const points = answer.series.flatMap(series => series.points.map(point => ({labels: series.labels, point})))
    .sort((a, b) => Date.parse(b.point.start) - Date.parse(a.point.start)).slice(0, 30);
  const names = Object.keys(points[0].labels);
  return html`<details><summary>The latest results as numbers</summary><div class="scroll" tabindex="0" role="region" aria-label="Results"><table class="grid">
    <thead><tr><th scope="col">Window begins</th>${names.map(name => html`<th scope="col">${name}</th>`)}
      ${answer.measures.map(measure => html`<th scope="col" class="num">${measure.name}</th>`)}<th scope="col">State</th></tr></thead>
    <tbody>${points.map(({labels, point}) => html`<tr><td>${clock(point.start)}</td>${names.map(name => html`<td>${labels[name] ?? '–'}</td>`)}
      ${answer.measures.map(measure => html`<td class="num">${shown(point[measure.name])}</td>`)}
      <td>${point.final ? 'final' : point.revision === 0 ? 'open' : `revision ${point.revision}`}${point.exact ? '' : ', ≈'}</td></tr>`)}</tbody></table></div></details>`;
}

function shown(value) {
  if (Array.isArray(value)) return value.map(one => `${one.item} ${short(one.count)}`).join(', ');
  return typeof value === 'number' ? short(value) : value ?? '–';
}
