// The latest events of a stream, as they come. It asks with the position of the newest one it has, so that each
// question looks only at what is new.
import {html, nothing, every} from '../parts/dom.js';
import {sql, quoted} from '../api.js';
import {clock} from '../format.js';

const SHOWN = 40;
const CONDITION = /[<>=]|\b(like|in|is|between)\b/i;

export function tail(name, draw) {
  const state = {rows: [], seen: -1, filter: '', wanted: '', paused: false, problem: null, open: null, first: true};
  const stop = every(1500, () => (state.paused ? null : look(name, state, draw)));
  return {stop, view: () => view(state, draw)};
}

function where(filter) {
  if (filter === '') return {text: 'true', params: []};
  if (CONDITION.test(filter)) return {text: `(${filter})`, params: []};
  return {text: "contains(lower(concat_ws(' ', id, source, type, subject, CAST(data AS VARCHAR))), lower(?))", params: [filter]};
}

async function look(name, state, draw) {
  const {text, params} = where(state.filter);
  const filter = state.filter;
  try {
    const answer = await sql(`SELECT log_offset, received_at, type, source, subject, id, data FROM ${quoted(name)}
      WHERE log_offset > ${state.seen} AND ${text} ORDER BY log_offset DESC LIMIT ${SHOWN}`, {params});
    if (filter !== state.filter) return; // The answer to an older question.
    const rows = answer.rows.map(([offset, at, type, source, subject, id, data]) => ({offset, at, type, source, subject, id, data}));
    for (const row of rows) row.fresh = !state.first;
    state.first = false;
    state.rows = [...rows, ...state.rows.map(row => ({...row, fresh: false}))].slice(0, SHOWN);
    if (state.rows.length > 0) state.seen = Number(state.rows[0].offset);
    if (state.rows.length < SHOWN && answer.asOf.position) state.seen = Math.max(state.seen, Number(answer.asOf.position));
    state.problem = null;
  } catch (problem) {
    state.problem = problem;
  }
  draw();
}

function view(state, draw) {
  const search = event => {
    event.preventDefault();
    state.filter = state.wanted.trim();
    Object.assign(state, {rows: [], seen: -1, first: true, paused: false});
    draw();
  };
  return html`<section aria-labelledby="tail-title"><div class="row"><h2 id="tail-title">Latest events</h2>
    <form class="row grow" @submit=${search} role="search">
      <label class="grow"><span class="hidden">Filter events</span>
        <input type="search" placeholder="words, or a condition as data.amount > 50" spellcheck="false"
          .value=${state.wanted} @input=${event => { state.wanted = event.target.value; }}></label>
      <button>Filter</button>
      <button type="button" aria-pressed=${state.paused} @click=${() => { state.paused = !state.paused; draw(); }}>${state.paused ? 'Go on' : 'Pause'}</button>
    </form></div>
    ${state.problem ? html`<p class="state failed" role="alert">${state.problem.message}</p>` : nothing}
    <ul class="tail">${state.rows.map(row => line(row, state, draw))}</ul>
    ${state.rows.length === 0 && !state.problem ? html`<p class="aside">${state.filter ? 'No event fits the filter so far.' : 'No events yet.'}</p>` : nothing}
  </section>`;
}

function line(row, state, draw) {
  const open = state.open === row.offset;
  const data = typeof row.data === 'string' ? row.data : JSON.stringify(row.data);
  const toggle = () => {
    state.open = open ? null : row.offset;
    state.paused = state.paused || !open; // What is read must not move away.
    draw();
  };
  return html`<li class=${row.fresh ? 'fresh' : ''}><button class="line" aria-expanded=${open} @click=${toggle}>
      <time>${clock(row.at)}</time><span class="type">${row.type}</span><span class="data">${data}</span></button>
    ${open ? html`<div class="opened"><dl class="pairs">${['offset', 'id', 'source', 'subject'].map(key => html`<div><dt>${key}</dt><dd>${row[key] ?? '–'}</dd></div>`)}</dl>
      <pre tabindex="0" aria-label="Data">${pretty(row.data)}</pre></div>` : nothing}</li>`;
}

function pretty(data) {
  try {
    return JSON.stringify(typeof data === 'string' ? JSON.parse(data) : data, null, 2);
  } catch {
    return String(data);
  }
}
