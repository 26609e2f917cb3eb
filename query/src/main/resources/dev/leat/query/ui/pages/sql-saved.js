// Queries that this browser remembers.
import {html, nothing} from '../parts/dom.js';

const KEY = 'leat.queries';
const MOST = 50;

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter(one => typeof one?.name === 'string' && typeof one?.sql === 'string') : [];
  } catch {
    return [];
  }
}

export function saved(state, {draw, set, run}) {
  const local = {queries: read(), naming: null};
  const write = queries => {
    local.queries = queries.slice(0, MOST);
    localStorage.setItem(KEY, JSON.stringify(local.queries));
    draw();
  };
  const keep = event => {
    event.preventDefault();
    const name = local.naming.trim() || 'unnamed';
    local.naming = null;
    write([{name, sql: state.text}, ...local.queries.filter(one => one.name !== name)]);
  };
  return {
    save: () => (local.naming === null
      ? html`<button @click=${() => { local.naming = ''; draw(); requestAnimationFrame(() => document.getElementById('sql-name')?.focus()); }}>Save</button>`
      : html`<form class="row" @submit=${keep}><label><span class="hidden">Name of the query</span><input id="sql-name" placeholder="name"
          maxlength="60" .value=${local.naming} @input=${event => { local.naming = event.target.value; }}></label><button>Keep</button></form>`),
    list: () => (local.queries.length === 0 ? nothing : html`<ul class="saved" aria-label="Saved queries">${local.queries.map(one => html`<li>
      <button class="link" @click=${() => { set(one.sql); run(); }}>${one.name}</button>
      <button class="quiet" aria-label="Forget ${one.name}" @click=${() => write(local.queries.filter(other => other !== one))}>×</button></li>`)}</ul>`),
  };
}
