// Shortcuts: one key, or two one after the other. Nothing happens while somebody types.
import {html, render, nothing} from './parts/dom.js';

const known = new Map();
const overlay = () => document.getElementById('overlay');
let first = '';
let back = null;

function typing(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function press(event) {
  if (event.key === 'Escape' && overlay().firstElementChild) return close();
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const both = known.get(`${first} ${event.key}`);
  const found = both ?? known.get(event.key);
  first = found ? '' : event.key;
  if (found) {
    event.preventDefault();
    found.run();
  }
}

function close() {
  overlay().querySelector('dialog')?.close();
  render(nothing, overlay());
  back?.focus();
}

function help() {
  back = document.activeElement;
  render(html`<dialog aria-labelledby="keys-title" @close=${close}>
    <h2 id="keys-title">Keys</h2>
    <dl class="keys">${[...known].map(([keys, {what}]) => html`
      <div><dt>${keys.split(' ').map(key => html`<kbd>${key}</kbd> `)}</dt><dd>${what}</dd></div>`)}
      <div><dt><kbd>Esc</kbd></dt><dd>Close what is open</dd></div>
    </dl>
    <button @click=${close}>Close</button></dialog>`, overlay());
  overlay().querySelector('dialog').showModal();
}

document.addEventListener('keydown', press);

export const keys = {
  /** Returns what forgets it again. */
  add(combination, what, run) {
    known.set(combination, {what, run});
    return () => known.delete(combination);
  },
  help,
};
keys.add('?', 'Show these keys', help);
