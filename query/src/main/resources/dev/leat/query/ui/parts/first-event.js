// The story's first page: how to send the first event, with the address this page came from.
import {html} from './dom.js';

const EVENT = '{"specversion":"1.0","id":"1","source":"/me","type":"hello","data":{"answer":42}}';
const line = () => `curl ${location.origin}/v1/events -H 'Content-Type: application/json' \\\n  -d '${EVENT}'`;

async function copy(event) {
  const button = event.currentTarget;
  try {
    await navigator.clipboard.writeText(line());
    button.textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren(button.previousElementSibling);
    button.textContent = 'Selected';
  }
}

async function sendIt(event) {
  event.currentTarget.disabled = true;
  await fetch('/v1/events', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: EVENT});
}

export const firstEvent = () => html`<section class="first" aria-labelledby="first-title">
  <h2 id="first-title">Nothing has come yet</h2>
  <p>Send the first event from a terminal. This page notices at once.</p>
  <div class="command"><pre tabindex="0" aria-label="Command">${line()}</pre><button class="quiet" @click=${copy}>Copy</button></div>
  <p class="aside">No terminal at hand? <button class="link" @click=${sendIt}>Send it from here</button></p></section>`;
