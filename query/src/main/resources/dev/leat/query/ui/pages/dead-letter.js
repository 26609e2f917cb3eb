// One dead letter: what was expected, what came, and the raw event with the fault marked in it.
import {html, nothing} from '../parts/dom.js';
import {loading} from '../parts/states.js';
import {clock} from '../format.js';
import {placeOf, fieldsOf} from './json-place.js';

export function letterView({letter, checks, chosen}) {
  if (!letter) return html`<section><h2>A sample</h2>${loading('Fetching it')}</section>`;
  const check = checks.get(`${letter.stream}/${letter.rule}`);
  const {envelope} = letter;
  return html`<section aria-labelledby="sample-title"><div class="row"><h2 id="sample-title">The newest of them</h2>
      <span class="tag">position ${letter.position}</span>${letter.attempt > 1 ? html`<span class="tag warn">attempt ${letter.attempt}</span>` : nothing}</div>
    <dl class="fault"><div><dt>Expected</dt><dd>${check ? html`<code>${check}</code>` : letter.expected ?? '–'}</dd></div>
      <div><dt>Found</dt><dd><code>${letter.found ?? '–'}</code></dd></div>
      ${letter.pointer ? html`<div><dt>At</dt><dd><code>${letter.pointer}</code></dd></div>` : nothing}</dl>
    <pre class="raw" tabindex="0" aria-label="Raw data, the fault is marked">${raw(letter, check)}</pre>
    <dl class="pairs">${Object.entries({id: envelope.id, source: envelope.source, type: envelope.type, subject: envelope.subject, time: clock(envelope.time),
      received: clock(envelope.receivedAt)}).map(([key, value]) => html`<div><dt>${key}</dt><dd>${value ?? '–'}</dd></div>`)}</dl>
    <p class="aside">${chosen.count > 0 ? nothing : 'It was sent again since.'}</p></section>`;
}

/** The bytes as they came; marks cut it into pieces. */
function raw(letter, check) {
  if (letter.data === undefined || letter.data === null) return letter.dataBase64 ? `(not text) ${letter.dataBase64}` : '(no data)';
  const text = letter.data;
  const pointers = letter.pointer ? [letter.pointer] : check ? fieldsOf(check) : [];
  const places = pointers.map(pointer => placeOf(text, pointer)).filter(Boolean).sort((a, b) => a.from - b.from);
  const pieces = [];
  let at = 0;
  for (const {from, to} of places) {
    if (from < at) continue;
    pieces.push(text.slice(at, from), html`<mark>${text.slice(from, to)}</mark>`);
    at = to;
  }
  return [...pieces, text.slice(at)];
}
