// Sending dead letters of one cause again: first what would happen, then the job with its progress.
import {html, nothing} from '../parts/dom.js';
import {get, send} from '../api.js';
import {number, plural} from '../format.js';

const PATH = '/v1/dead-letters/replay';

export function replay(filter, {load, draw}) {
  const state = {patch: '', perSecond: 1000, dry: null, job: null, problem: null, busy: false};
  let timer = 0;
  const body = dryRun => ({filter, dryRun, perSecond: state.perSecond, ...(state.patch.trim() ? {patch: state.patch.trim()} : {})});
  const attempt = async task => {
    Object.assign(state, {busy: true, problem: null});
    draw();
    try {
      await task();
    } catch (problem) {
      state.problem = problem;
    }
    state.busy = false;
    draw();
  };
  const watch = async () => {
    try {
      state.job = await get(state.job.url);
      if (state.job.state === 'running') timer = setTimeout(watch, 300);
      else await load();
    } catch (problem) {
      state.problem = problem;
    }
    draw();
  };
  const actions = {
    try: () => attempt(async () => { state.dry = await send('POST', PATH, body(true)); }),
    go: () => attempt(async () => {
      state.job = await send('POST', PATH, body(false));
      state.dry = null;
      watch();
    }),
    halt: () => attempt(async () => { state.job = await send('DELETE', state.job.url); }),
    draw,
  };
  return {stop: () => clearTimeout(timer), view: ({chosen}) => view(state, chosen, actions)};
}

function view(state, chosen, actions) {
  const running = state.job?.state === 'running';
  return html`<section aria-labelledby="replay-title"><h2 id="replay-title">Send again</h2>
    <p class="aside">All ${plural(chosen.count, 'dead letter')} of this cause, under the definition in force now. What was stored before is never stored twice.</p>
    <label><span>Patch: a CEL expression that yields the data to send instead</span>
      <textarea class="patch" rows="2" spellcheck="false" placeholder="with(data, 'total', -data.total)" .value=${state.patch}
        @input=${event => { Object.assign(state, {patch: event.target.value, dry: null}); actions.draw(); }}></textarea></label>
    <div class="row"><label class="rate">At most <input type="number" min="0" max="1000000" .value=${String(state.perSecond)}
        @change=${event => { state.perSecond = Math.max(0, Math.round(Number(event.target.value) || 0)); }}> a second</label></div>
    <div class="row"><button class="${state.dry ? '' : 'main'}" id="dry-run" ?disabled=${state.busy || running || chosen.count === 0} @click=${actions.try}>Dry run</button>
      <button class="${state.dry ? 'main' : ''}" id="replay" ?disabled=${state.busy || running || chosen.count === 0} @click=${actions.go}>Replay</button>
      ${running ? html`<button class="danger" @click=${actions.halt}>Stop</button>` : nothing}</div>
    ${state.problem ? html`<p class="state failed" role="alert">${state.problem.message}</p>` : nothing}
    <div aria-live="polite">${state.dry ? dry(state.dry) : nothing}${state.job ? progress(state.job) : nothing}</div></section>`;
}

const dry = ({matched, outcomes}) => html`<p>${plural(matched, 'dead letter')} would be sent:</p>
  <ul class="outcomes">${outcomes.map(one => html`<li class=${one.verdict === 'stored' ? 'good' : one.verdict.startsWith('dead') ? 'bad' : ''}>
    <b>${number(one.count)}</b> ${one.verdict}${one.stream ? ` in ${one.stream}` : ''}${one.reason ? html`<small>${one.reason}</small>` : nothing}</li>`)}</ul>`;

function progress(job) {
  return html`<label class="progress">${job.state === 'running' ? 'Sending' : job.state === 'done' ? 'Done' : job.state}: ${number(job.sent)} of ${number(job.matched)}
      <progress max=${Math.max(job.matched, 1)} value=${job.sent}></progress></label>
    <p><b class="good">${number(job.stored)}</b> stored, <b class=${job.failedAgain > 0 ? 'bad' : ''}>${number(job.failedAgain)}</b> failed again${job.other > 0 ? `, ${number(job.other)} other` : ''}
      ${job.detail ? html`<span class="bad">${job.detail}</span>` : nothing}</p>`;
}
