// The process and the machine under it, what can be gone back to, and what is in force.
import {html, nothing, drawn, every} from '../parts/dom.js';
import {figures} from '../parts/figure.js';
import {failed, loading} from '../parts/states.js';
import {get} from '../api.js';
import {live} from '../live.js';
import {ago, bytes, clock, number, percent, short, span} from '../format.js';

const MB = 1024 * 1024;

export function mount(root) {
  const state = {definition: null, checkpoints: [], health: null, problem: null};
  const view = drawn(root, () => page(state));
  const load = async () => {
    try {
      const [definition, checkpoints, health] = await Promise.all([get('/v1/definition'), get('/v1/checkpoints'), get('/health/live')]);
      Object.assign(state, {definition, checkpoints: checkpoints.checkpoints, health, problem: null});
    } catch (problem) {
      state.problem = problem;
    }
    view.draw();
  };
  const changed = () => view.draw();
  live.addEventListener('change', changed);
  const stop = every(5000, load);
  return () => {
    stop();
    live.removeEventListener('change', changed);
    view.stop();
  };
}

function page(state) {
  const sample = live.latest;
  return html`<div class="head"><h1>System</h1>${state.health ? html`<p class="lede">Leat ${state.health.version}, process ${state.health.pid}, up for ${span(state.health.uptimeSeconds)}.</p>` : nothing}</div>
    ${state.problem ? failed(state.problem) : nothing}
    ${sample ? html`${machine(sample)}${work(sample)}` : loading('Waiting for the first figures')}
    ${state.definition ? html`${checkpoints(state)}${definition(state.definition)}` : nothing}`;
}

function machine({machine: one, process}) {
  const used = one.diskBytes > 0 ? 1 - one.diskFreeBytes / one.diskBytes : 0;
  return figures([
    {name: 'Processor', value: one.cpu < 0 ? '–' : percent(one.cpu), note: `of ${one.cores} cores; machine ${one.machineCpu < 0 ? '–' : percent(one.machineCpu)}`,
      values: live.samples.slice(-61).map(sample => Math.max(0, sample.machine.cpu))},
    {name: 'Memory', value: bytes(process.rssMb * MB), note: `heap ${bytes(process.heapUsedMb * MB)} of ${bytes(process.heapMaxMb * MB)}`,
      values: live.samples.slice(-61).map(sample => sample.process.heapUsedMb)},
    {name: 'Pauses for memory', value: `${(live.rate(sample => sample.process.gcMillis, 20) / 10).toFixed(1)}\u202f%`, note: `of the time; ${number(process.gcs)} turns`},
    {name: 'Disk free', value: one.diskBytes > 0 ? bytes(one.diskFreeBytes) : '–', note: one.diskBytes > 0 ? `${percent(used)} of ${bytes(one.diskBytes)} used` : '',
      state: used > 0.95 ? 'bad' : ''},
    {name: 'Threads', value: number(one.threads)},
  ]);
}

function work({log, store, engine}) {
  return figures([
    {name: 'Log', value: bytes(log.bytes), note: `positions ${short(Number(log.firstOffset))} to ${short(Number(log.nextOffset))}`, state: log.writable ? '' : 'bad'},
    {name: 'Tables', value: bytes(store.bytes), note: `${number(store.files)} files, ${short(store.hotRows)} rows in memory`, state: store.healthy ? '' : 'bad'},
    {name: 'Commits', value: number(engine.commits), note: engine.failedCommits > 0 ? `${number(engine.failedCommits)} failed` : 'since the start', state: engine.failedCommits > 0 ? 'bad' : ''},
    {name: 'Waiting', value: short(engine.lag), note: 'events not decided on', values: live.samples.slice(-61).map(sample => sample.engine.lag)},
  ]);
}

function checkpoints({checkpoints: list}) {
  return html`<section aria-labelledby="state-title"><h2 id="state-title">Versions of the state</h2>
    <p class="aside">Each can be gone back to with <code>leat state rollback</code> while no server runs; events since are decided on again.</p>
    ${list.length === 0 ? html`<p class="aside">No commit yet.</p>` : html`<div class="scroll flat" tabindex="0" role="region" aria-label="Versions"><table class="grid">
      <thead><tr><th scope="col">Version</th><th scope="col">Made</th><th scope="col">Age</th><th scope="col" class="num">Position</th><th scope="col" class="num">Rows by then</th></tr></thead>
      <tbody>${list.map((one, i) => html`<tr><th scope="row">${number(one.version)} ${i === 0 ? html`<span class="tag good">present</span>` : nothing}</th>
        <td>${clock(one.at)}</td><td>${ago(one.at)}</td><td class="num">${number(Number(one.position))}</td><td class="num">${number(one.rows)}</td></tr>`)}</tbody></table></div>`}</section>`;
}

function definition({version, effective, problems, history}) {
  return html`<section aria-labelledby="definition-title"><div class="row"><h2 id="definition-title">Definition in force</h2><span class="tag">version ${version}</span>
      ${history.length > 1 ? html`<span class="aside">${history.length} versions are in the log</span>` : nothing}</div>
    ${problems.length > 0 ? html`<div class="state failed" role="alert"><p>The files as they are now are not in force:</p>${problems.map(one => html`<p>${one}</p>`)}</div>` : nothing}
    <pre class="yaml" tabindex="0" aria-label="Definition in YAML">${yaml(effective)}</pre></section>`;
}

/** Keys stand out; nothing else is worth colours. */
function yaml(text) {
  return text.trimEnd().split('\n').map(line => {
    const [, before, key, rest] = /^(\s*(?:- )?)([\w.-]+:)(.*)$/.exec(line) ?? [null, '', '', line];
    return html`${before}<span class="key">${key}</span>${rest}${'\n'}`;
  });
}
