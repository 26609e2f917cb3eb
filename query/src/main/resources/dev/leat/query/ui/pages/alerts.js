// What is out of the ordinary, why Leat thinks so, who was told; and having it hold its tongue for a while.
import {html, nothing, drawn, every} from '../parts/dom.js';
import {failed, loading, empty} from '../parts/states.js';
import {ask, get, send} from '../api.js';
import {ago, clock, number, plural, span} from '../format.js';

const SPANS = [['30m', '30 minutes'], ['2h', '2 hours'], ['1d', 'a day'], ['7d', 'a week']];

export function mount(root) {
  const state = {alerts: null, silences: [], asked: null, problem: null, refused: null};
  const view = drawn(root, () => page(state, actions));
  const load = async () => {
    try {
      const [alerts, {silences}] = await Promise.all([get('/v1/alerts'), get('/v1/silences')]);
      Object.assign(state, {alerts, silences, problem: null});
    } catch (problem) {
      state.problem = problem;
    }
    view.draw();
  };
  const change = async work => {
    try {
      await work();
      Object.assign(state, {asked: null, refused: null});
    } catch (problem) {
      state.refused = problem;
    }
    await load();
  };
  const actions = {
    askFor(alert) {
      Object.assign(state, {asked: alert, refused: null});
      view.draw();
      requestAnimationFrame(() => root.querySelector('#silence input')?.focus()); // It is drawn by then.
    },
    silence(form) {
      const {alert, labels} = state.asked;
      const wanted = Object.fromEntries(new FormData(form));
      return change(() => send('POST', '/v1/silences', {alert, labels, for: wanted.for, by: 'dashboard', why: wanted.why}));
    },
    end: id => change(() => ask(`/v1/silences/${id}`, {method: 'DELETE'})),
  };
  const stop = every(5000, load);
  return () => {
    stop();
    view.stop();
  };
}

function page(state, actions) {
  const {alerts} = state;
  return html`<div class="head"><h1>Alerts</h1>
      <p class="lede">What is not as it usually is, in Leat's own signals and in the metrics that the definition names.</p></div>
    ${state.problem ? failed(state.problem) : nothing}
    ${alerts === null ? (state.problem ? nothing : loading('Looking at the signals')) : html`
      ${alerts.problems.length > 0 ? html`<div class="state failed" role="alert"><p>Not everything can be watched:</p>${alerts.problems.map(one => html`<p>${one}</p>`)}</div>` : nothing}
      ${alerts.open.length === 0 ? empty('All is as usual', 'What is unlikely, large and goes on will stand here, with the reason.')
        : html`<ul class="incidents" aria-label="Open incidents">${alerts.open.map(one => incident(one, alerts.targets.length > 0, actions))}</ul>`}
      ${state.asked ? form(state, actions) : nothing}
      ${silences(state, actions)}${recent(alerts)}${told(alerts)}`}`;
}

const SEVERITY = {info: '', warning: 'warn', critical: 'bad'};

function incident(one, hasTargets, actions) {
  return html`<li class=${SEVERITY[one.severity]}>
    <div class="row"><span class="tag ${SEVERITY[one.severity]}">${one.severity}</span><h2>${one.alert}</h2>${series(one.labels)}
      <span class="aside">for ${span(Math.max(0, (Date.now() - Date.parse(one.since)) / 1e3))}</span>
      ${one.held ? nothing : html`<button class="quiet" @click=${() => actions.askFor(one)} aria-label="Silence ${one.alert}">Silence</button>`}</div>
    <p>${one.words}</p>${band(one)}
    <p class="aside">${one.held ? `Nobody is told: ${one.held}` : hasTargets && one.told.length > 0 ? `Told as ${one.told.join(', ')}` : nothing}</p></li>`;
}

const series = labels => Object.entries(labels).map(([name, value]) => html`<code>${name}=${value}</code> `);

/** Where the value lies beside the band in which nothing is said. */
function band({value, expected, low, high}) {
  if (value === null || (low === null && high === null)) return nothing;
  const ends = [low, high, value, expected, 0].filter(one => one !== null);
  const least = Math.min(...ends);
  const width = (Math.max(...ends) - least) * 1.08 || 1;
  const at = one => (one - least) / width * 100;
  const from = low === null ? 0 : at(low);
  const to = high === null ? 100 : at(high);
  return html`<div class="band" role="img" aria-label=${`Measured ${short(value)}, usual is ${low === null ? 'anything' : short(low)} to ${high === null ? 'anything' : short(high)}`}>
    <span class="usual" .style=${`left:${from}%;width:${to - from}%`}></span>
    ${expected === null ? nothing : html`<span class="expected" .style=${`left:${at(expected)}%`}></span>`}
    <span class="measured" .style=${`left:${at(value)}%`}></span></div>`;
}

const short = n => (Math.abs(n) >= 100 ? number(n) : String(Number(n.toPrecision(3))));

function form({asked, refused}, actions) {
  const submit = event => {
    event.preventDefault();
    actions.silence(event.target);
  };
  return html`<form id="silence" class="row silence" @submit=${submit}>
    <label>Tell nobody of <b>${asked.alert}</b> ${series(asked.labels)} for
      <select name="for">${SPANS.map(([value, words]) => html`<option value=${value} ?selected=${value === '2h'}>${words}</option>`)}</select></label>
    <label>because <input name="why" required maxlength="200" placeholder="what you know about it"></label>
    <button>Silence</button>
    ${refused ? html`<p class="bad" role="alert">${refused.message}</p>` : nothing}</form>`;
}

function silences({silences: list}, actions) {
  return list.length === 0 ? nothing : html`<section aria-labelledby="silences-title"><h2 id="silences-title">Silences</h2>
    <div class="scroll flat" tabindex="0" role="region" aria-label="Silences"><table class="grid"><thead><tr><th scope="col">Of</th><th scope="col">Until</th><th scope="col">By</th>
      <th scope="col">Why</th><th scope="col"><span class="hidden">End</span></th></tr></thead>
      <tbody>${list.map(one => html`<tr><th scope="row">${one.alert || 'all alerts'} ${series(one.labels)}</th><td>${clock(one.to)}</td><td>${one.by}</td><td>${one.why}</td>
        <td><button class="quiet" @click=${() => actions.end(one.id)} aria-label="End the silence of ${one.alert || 'all alerts'}">End</button></td></tr>`)}</tbody></table></div></section>`;
}

function recent({recent: list}) {
  return list.length === 0 ? nothing : html`<section aria-labelledby="recent-title"><h2 id="recent-title">Over</h2>
    <div class="scroll flat" tabindex="0" role="region" aria-label="Incidents that are over"><table class="grid"><thead><tr><th scope="col">Alert</th><th scope="col">Severity</th>
      <th scope="col">Ended</th><th scope="col">Lasted</th><th scope="col">What it was</th></tr></thead>
      <tbody>${list.slice(0, 50).map(one => html`<tr><th scope="row">${one.alert} ${series(one.labels)}</th><td>${one.severity}</td><td>${ago(one.ended)}</td>
        <td>${span((Date.parse(one.ended) - Date.parse(one.since)) / 1e3)}</td><td>${one.words}</td></tr>`)}</tbody></table></div></section>`;
}

function told({targets, deliveries}) {
  return html`<section aria-labelledby="told-title"><h2 id="told-title">Who is told</h2>
    ${targets.length === 0 ? html`<p class="aside">Nobody: the definition has no <code>notify:</code> with an Alertmanager or a webhook.</p>`
      : html`<ul class="targets">${targets.map(one => html`<li><code>${one.url}</code> <span class="aside">${one.protocol}, from ${one.severity} on${
        one.waiting > 0 ? `, ${plural(one.waiting, 'notice')} waiting` : ''}</span> ${one.circuit === 'open' ? html`<span class="tag bad">does not answer</span>` : nothing}</li>`)}</ul>`}
    ${deliveries.length === 0 ? nothing : html`<div class="scroll flat" tabindex="0" role="region" aria-label="What was sent"><table class="grid"><thead><tr><th scope="col">When</th>
      <th scope="col">To</th><th scope="col">What</th><th scope="col">Outcome</th></tr></thead><tbody>${deliveries.slice(0, 20).map(one => html`<tr><th scope="row">${clock(one.at)}</th>
      <td>${one.target}</td><td>${one.what}</td><td class=${one.outcome === 'sent' ? '' : 'bad'}>${one.outcome}${one.attempt > 1 ? `, attempt ${one.attempt}` : ''}: ${one.detail}</td></tr>`)}</tbody></table></div>`}</section>`;
}
