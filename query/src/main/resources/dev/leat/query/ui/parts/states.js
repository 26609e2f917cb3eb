// What stands where there is nothing to show yet, nothing at all, or something went wrong.
import {html, nothing} from './dom.js';

export const loading = what => html`<p class="state loading" role="status"><span class="bar"></span>${what}…</p>`;

export const failed = (problem, again) => html`<div class="state failed" role="alert">
  <p>${problem.message}</p>${again ? html`<button @click=${again}>Try again</button>` : nothing}</div>`;

export const empty = (title, text) => html`<div class="state empty"><h2>${title}</h2><p>${text}</p></div>`;
