// A text area with coloured words under it and suggestions at the cursor.
import {html, nothing} from '../parts/dom.js';
import {suggestions, coloured} from './sql-words.js';

const CELL = {x: 7.83, y: 21};

export function editor(state, parts) {
  const open = {list: [], at: 0, from: 0, dismissed: false};
  const suggest = (area, asked) => {
    const {list, from} = suggestions(state.text.slice(0, area.selectionStart), state.tables, asked);
    Object.assign(open, {list, from, at: 0});
    parts.draw();
  };
  const accept = (area, choice) => {
    const end = area.selectionStart;
    const text = state.text.slice(0, open.from) + choice.text + state.text.slice(end);
    parts.set(text);
    area.value = text;
    area.selectionStart = area.selectionEnd = open.from + choice.text.length;
    open.list = [];
    area.focus();
    parts.draw();
  };
  const pressed = event => {
    const area = event.target;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      open.list = [];
      return parts.run();
    }
    if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault();
      return suggest(area, true);
    }
    if (open.list.length === 0) return;
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step) {
      event.preventDefault();
      open.at = (open.at + step + open.list.length) % open.list.length;
      parts.draw();
    } else if (event.key === 'Tab' || event.key === 'Enter') {
      event.preventDefault();
      accept(area, open.list[open.at]);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      open.list = [];
      parts.draw();
    }
  };
  const typed = event => {
    parts.set(event.target.value);
    suggest(event.target, false);
  };
  return {view: () => view(state, open, {pressed, typed, accept, leave: () => { open.list = []; parts.draw(); }})};
}

function view(state, open, {pressed, typed, accept, leave}) {
  const lines = Math.max(state.text.split('\n').length, 4);
  const before = state.text.slice(0, open.from).split('\n');
  return html`<div class="editor"><label class="hidden" for="sql">SQL statement</label>
    <pre aria-hidden="true">${coloured(state.text)}${'\n'}</pre>
    <textarea id="sql" rows=${lines} spellcheck="false" autocomplete="off" autocapitalize="off" wrap="off" .value=${state.text}
      aria-describedby="sql-help" aria-autocomplete="list" aria-controls="sql-list"
      aria-activedescendant=${open.list.length > 0 ? `sql-option-${open.at}` : nothing}
      @input=${typed} @keydown=${pressed} @blur=${leave} @scroll=${follow}></textarea>
    <p id="sql-help" class="hidden">Control and Enter runs the statement, Control and Space suggests names.</p>
    <ul id="sql-list" role="listbox" aria-label="Suggestions" ?hidden=${open.list.length === 0}
      .style=${`left:${Math.min(before.at(-1).length * CELL.x + 12, 320)}px;top:${before.length * CELL.y + 14}px`}>
      ${open.list.map((choice, i) => html`<li id="sql-option-${i}" role="option" aria-selected=${i === open.at}
        @mousedown=${event => { event.preventDefault(); accept(document.getElementById('sql'), choice); }}>
        <span>${choice.text}</span><small>${choice.kind}</small></li>`)}</ul></div>`;
}

/** The colours scroll with the text. */
function follow(event) {
  const colours = event.target.previousElementSibling;
  colours.scrollLeft = event.target.scrollLeft;
  colours.scrollTop = event.target.scrollTop;
}
