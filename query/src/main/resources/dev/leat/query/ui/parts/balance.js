// The balance as one line that adds up.
import {html} from './dom.js';
import {number} from '../format.js';

const PARTS = [['stored', 'stored'], ['duplicates', 'duplicates'], ['deadLettered', 'dead letters'],
  ['filtered', 'filtered'], ['inFlight', 'in flight']];

export function balanceLine(balance) {
  const whole = Math.max(balance.accepted, 1);
  return html`<section class="balance ${balance.balanced ? 'holds' : 'broken'}" aria-labelledby="balance-title">
    <h2 id="balance-title">Balance</h2>
    <p class="sum"><span class="term"><b>${number(balance.accepted)}</b> accepted</span>
      ${PARTS.map(([key, word], i) => html`<span class="op" aria-hidden="true">${i === 0 ? '=' : '+'}</span>
        <span class="term ${balance[key] > 0 ? key : ''}"><b>${number(balance[key])}</b> ${word}</span>`)}
      <span class="verdict" role="status">${balance.balanced ? '✓ adds up' : `✗ ${balance.detail}`}</span></p>
    <div class="parts" aria-hidden="true">${PARTS.filter(([key]) => balance[key] > 0).map(([key]) => html`<span class=${key}
      .style=${`flex-grow:${balance[key] / whole}`}></span>`)}</div></section>`;
}
