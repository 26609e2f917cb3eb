// What failed, by cause; one of them closely, and sending them again.
import {html, nothing, drawn, every} from '../parts/dom.js';
import {failed, loading, empty} from '../parts/states.js';
import {get} from '../api.js';
import {live} from '../live.js';
import {ago, number, plural} from '../format.js';
import {letterView} from './dead-letter.js';
import {replay} from './dead-letter-replay.js';

const CAUSE = ['stream', 'stage', 'reason', 'rule', 'pointer'];

export function mount(root) {
  const state = {groups: null, jobs: [], checks: new Map(), chosen: null, letter: null, problem: null};
  const view = drawn(root, () => page(state, actions));
  const load = async () => {
    try {
      const [groups, jobs] = await Promise.all([get('/v1/dead-letters/groups?limit=200'), get('/v1/dead-letters/replay')]);
      state.groups = groups.groups;
      state.jobs = jobs.jobs;
      state.problem = null;
      if (state.chosen) state.chosen = find(state.groups, state.chosen) ?? {...state.chosen, count: 0};
    } catch (problem) {
      state.problem = problem;
    }
    view.draw();
  };
  const actions = {
    load,
    draw: () => view.draw(),
    async choose(group) {
      Object.assign(state, {chosen: group, letter: null});
      actions.replay = replay(filterOf(group), actions);
      view.draw();
      await one(state, group.sample.position);
      view.draw();
      root.querySelector('#letter')?.scrollIntoView({block: 'nearest'});
    },
  };
  get('/v1/definition').then(answer => {
    for (const stream of answer.streams) for (const rule of stream.rules) state.checks.set(`${stream.name}/${rule.name}`, rule.check);
    view.draw();
  }, () => {});
  const stop = every(3000, load);
  return () => {
    stop();
    actions.replay?.stop();
    view.stop();
  };
}

const same = (a, b) => CAUSE.every(key => a[key] === b[key]);
const find = (groups, group) => groups.find(one => same(one, group));

/** What a replay of this cause is asked for. A pointer of null can't be asked for; the rest says enough. */
const filterOf = group => Object.fromEntries(CAUSE.filter(key => group[key] !== null).map(key => [key, group[key]]));

async function one(state, position) {
  try {
    const {deadLetters} = await get(`/v1/dead-letters?offset=${position}&all=true`);
    state.letter = deadLetters[0] ?? null;
  } catch (problem) {
    state.problem = problem;
  }
}

function page(state, actions) {
  return html`<div class="head"><h1>Dead letters</h1>
      <p class="lede">Events that could not be stored as they were: kept whole, with the reason, until somebody sends them again.</p></div>
    ${state.problem ? failed(state.problem) : nothing}
    ${state.groups === null ? (state.problem ? nothing : loading('Sorting dead letters by cause'))
      : state.groups.length === 0 && !state.chosen ? empty('No dead letters', live.empty ? 'Nothing has come yet.' : 'Every event so far could be stored, or was meant to be left out.')
        : groups(state, actions)}
    ${state.chosen ? html`<div class="columns letters" id="letter">${letterView(state)}${actions.replay.view(state)}</div>` : nothing}
    ${jobs(state)}`;
}

function groups(state, actions) {
  const most = Math.max(...state.groups.map(group => group.count), 1);
  return html`<section aria-labelledby="causes"><h2 id="causes">By cause</h2><ul class="causes">${state.groups.map(group => html`<li>
    <button aria-pressed=${state.chosen !== null && same(group, state.chosen)} @click=${() => actions.choose(group)}>
      <span class="count">${number(group.count)}</span>
      <span class="cause"><b>${group.rule ?? group.reason}</b>${group.pointer ? html` at <code>${group.pointer}</code>` : nothing}
        <small>${group.stream} · ${group.stage}${group.rule ? ` · ${group.reason}` : ''}${group.sample.found ? html` · found <code>${group.sample.found}</code>` : nothing}</small></span>
      <span class="when">${ago(group.lastSeen)}</span>
      <span class="share" aria-hidden="true" .style=${`width:${group.count / most * 100}%`}></span></button></li>`)}</ul>
    ${state.groups.length === 0 ? html`<p class="aside">All have been sent again.</p>` : nothing}</section>`;
}

function jobs({jobs: list}) {
  return list.length === 0 ? nothing : html`<section aria-labelledby="jobs-title"><h2 id="jobs-title">Replays of late</h2>
    <div class="scroll flat" tabindex="0" role="region" aria-label="Replays"><table class="grid"><thead><tr><th scope="col">No.</th><th scope="col">What</th><th scope="col" class="num">Sent</th>
      <th scope="col" class="num">Stored</th><th scope="col" class="num">Failed again</th><th scope="col">State</th></tr></thead>
      <tbody>${list.slice(0, 8).map(job => html`<tr><th scope="row">${job.id}</th><td>${words(job.request)}</td><td class="num">${number(job.sent)}</td>
        <td class="num">${number(job.stored)}</td><td class="num ${job.failedAgain > 0 ? 'bad' : ''}">${number(job.failedAgain)}</td>
        <td>${job.state}${job.detail ? `: ${job.detail}` : ''}</td></tr>`)}</tbody></table></div></section>`;
}

function words({filter, patch}) {
  const parts = Object.entries(filter).map(([key, value]) => `${key} ${value}`);
  return (parts.join(', ') || 'everything') + (patch ? `, patched: ${patch}` : '');
}

export const letters = count => plural(count, 'dead letter');
