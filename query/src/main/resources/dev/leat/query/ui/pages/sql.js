// Questions in SQL: an editor that knows the tables, the result as a grid or a chart, and queries kept in this browser.
import {html, nothing, drawn} from '../parts/dom.js';
import {failed, loading} from '../parts/states.js';
import {ask, get, sql, quoted} from '../api.js';
import {keys} from '../keys.js';
import {number} from '../format.js';
import {editor} from './sql-editor.js';
import {result} from './sql-result.js';
import {saved} from './sql-saved.js';

const MAX_ROWS = 1000;
const FIRST = 'SELECT type, count(*) AS events, max(time) AS latest\nFROM events GROUP BY type ORDER BY events DESC';

export function mount(root) {
  const state = {text: sessionStorage.getItem('leat.sql') ?? FIRST, tables: [], answer: null, problem: null,
    running: null, millis: 0, shape: 'grid'};
  const view = drawn(root, () => page(state, parts));
  const parts = {
    draw: () => view.draw(),
    run: () => run(state, view),
    download: () => download(state, view),
    set: text => { state.text = text; sessionStorage.setItem('leat.sql', text); view.draw(); },
  };
  parts.editor = editor(state, parts);
  parts.saved = saved(state, parts);
  get('/v1/streams').then(answer => { state.tables = answer.streams; view.draw(); }, () => {});
  const forget = keys.add('/', 'SQL: go to the editor', () => root.querySelector('textarea')?.focus());
  return () => {
    forget();
    state.running?.abort();
    view.stop();
  };
}

async function run(state, view) {
  state.running?.abort();
  const running = new AbortController();
  Object.assign(state, {running, problem: null});
  view.draw();
  const begin = performance.now();
  try {
    state.answer = await sql(state.text, {maxRows: MAX_ROWS, signal: running.signal});
  } catch (problem) {
    if (problem.name !== 'AbortError') Object.assign(state, {problem, answer: null});
  }
  if (state.running === running) Object.assign(state, {running: null, millis: Math.round(performance.now() - begin)});
  view.draw();
}

/** All rows, not only those of the grid, as the server writes CSV. */
async function download(state, view) {
  try {
    const response = await ask('/v1/sql', {method: 'POST', headers: {'Content-Type': 'application/json', Accept: 'text/csv'},
      body: JSON.stringify({sql: state.text, maxRows: 1_000_000})});
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await response.blob());
    link.download = 'leat.csv';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  } catch (problem) {
    state.problem = problem;
    view.draw();
  }
}

function page(state, parts) {
  if (!parts.editor) return nothing;
  return html`<div class="head"><h1>SQL</h1><p class="lede">One read-only statement in DuckDB's SQL; the rows of a moment ago are in it.</p></div>
    <div class="sql">${parts.editor.view()}
      <div class="row"><button class="main" @click=${parts.run}>Run <kbd>Ctrl</kbd> <kbd>Enter</kbd></button>
        ${state.running ? html`<button @click=${() => state.running.abort()}>Stop</button>` : nothing}
        ${parts.saved.save()}
        <span class="said grow" role="status">${said(state)}</span>
        ${state.answer ? html`<button @click=${parts.download}>Download CSV</button>` : nothing}</div>
      ${tables(state, parts)}${parts.saved.list()}</div>
    ${state.problem ? failed(state.problem) : nothing}
    ${state.running && !state.answer ? loading('Running') : nothing}
    ${state.answer ? result(state, parts) : nothing}`;
}

function said({answer, millis, running}) {
  if (running) return 'running…';
  if (!answer) return '';
  return `${number(answer.rows.length)}${answer.truncated ? ' of more' : ''} rows in ${millis} ms`
    + (answer.asOf.position === null ? '' : `, as of position ${number(Number(answer.asOf.position))}`);
}

/** A table's name opens its newest rows. */
const tables = (state, {set, run}) => html`<p class="chips" aria-label="Tables">${state.tables.map(table => html`<button class="chip"
  title="Newest rows of ${table.name}" @click=${() => {
    set(`SELECT * FROM ${/^[a-z_]\w*$/.test(table.name) ? table.name : quoted(table.name)} ORDER BY log_offset DESC LIMIT 20`);
    run();
  }}>${table.name}</button>`)}</p>`;
