// From a sample and the definition to what the drawing shows. No drawing here.
import {live} from '../live.js';
import {bytes, micros, millis, plural, short, span} from '../format.js';

const MAX_LANES = 7;

export function flowNodes(sample, {streams, letters}) {
  return {
    door: door(sample),
    log: log(sample),
    lanes: lanes(sample, streams, letters),
    store: store(sample),
    outs: outs(sample),
  };
}

const latency = reading => (reading.count > 0 ? `p99 ${millis(reading.p99)}` : 'p99 –');

function door(sample) {
  const refused = live.rate(one => one.door.refused);
  return {
    title: 'Collector', big: short(live.rate(one => one.door.events)), unit: 'events/s',
    values: live.rates(one => one.door.events),
    facts: [`${short(live.rate(one => one.door.requests))} requests/s`, `${bytes(live.rate(one => one.door.bytes))}/s in`],
    bad: refused > 0 ? `${short(refused)}/s refused` : sample.door.refused > 0 ? `${short(sample.door.refused)} refused so far` : '',
    state: refused > 0 ? 'warn' : '',
  };
}

function log(sample) {
  return {
    title: 'Log', big: short(live.rate(one => one.log.batches)), unit: 'batches/s',
    values: live.rates(one => one.log.batches),
    facts: [`durable: ${latency(sample.log.keeping)}`, `${bytes(sample.log.bytes)} on disk`],
    bad: sample.log.writable ? '' : 'not writable', state: sample.log.writable ? '' : 'bad',
  };
}

function store(sample) {
  return {
    title: 'Store', big: short(live.rate(one => one.balance.stored)), unit: 'rows/s',
    values: live.rates(one => one.balance.stored),
    facts: [`queryable: ${latency(sample.engine.showing)}`, `lag ${plural(sample.engine.lag, 'event')}`,
      `${bytes(sample.store.bytes)} in ${plural(sample.store.files, 'file')}`],
    bad: sample.engine.failedCommits > 0 ? plural(sample.engine.failedCommits, 'failed commit') : '',
    state: sample.store.healthy ? '' : 'bad',
  };
}

function outs(sample) {
  const out = (title, key, href) => ({title, href, total: short(sample.balance[key]), key,
    rate: live.rate(one => one.balance[key])});
  return [out('Dead letters', 'deadLettered', '#/dead-letters'), out('Duplicates', 'duplicates', null),
    out('Filtered', 'filtered', null)];
}

function lanes(sample, streams, letters) {
  const all = streams.map(stream => {
    const total = one => one.streams[stream.name]?.accepted ?? 0;
    return {name: stream.name, rate: live.rate(total), total: total(sample), values: live.rates(total), chips: chips(stream, letters),
      times: total(sample) > 0 ? times(stream, sample.engine.stages) : []};
  });
  // The busiest, in the order of the definition, so that lanes do not jump about.
  const busiest = new Set([...all].sort((a, b) => b.total - a.total).slice(0, MAX_LANES));
  const shown = all.filter(lane => busiest.has(lane));
  const rest = all.filter(lane => !busiest.has(lane));
  if (rest.length > 0) {
    shown.push({name: plural(rest.length, 'more stream'), href: '#/streams', values: [], chips: [], times: [],
      rate: rest.reduce((sum, lane) => sum + lane.rate, 0), total: 0});
  }
  return shown;
}

/** The stages of a stream in their order, with how many events each could not pass. */
function chips(stream, letters) {
  const failed = (...stages) => letters
    .filter(group => group.stream === stream.name && stages.includes(group.stage))
    .reduce((sum, group) => sum + group.count, 0);
  const list = [];
  if (failed('decode') > 0) list.push({text: 'decode', failed: failed('decode')}); // All are; that it failed is news.
  if (stream.schema) list.push({text: 'schema', failed: failed('validate', 'schema')});
  if (stream.rules.length > 0) list.push({text: plural(stream.rules.length, 'rule'), failed: failed('rules', 'rule')});
  if (stream.dedupSeconds > 0) list.push({text: `dedup ${span(stream.dedupSeconds)}`, failed: failed('dedup')});
  if (stream.enrich.length > 0) list.push({text: `enrich ${stream.enrich.length}`, failed: failed('enrich')});
  if (stream.entity) list.push({text: 'entity', failed: failed('entity')});
  if (stream.metrics.length > 0) list.push({text: plural(stream.metrics.length, 'metric'), failed: 0, metric: true});
  const placed = list.reduce((sum, chip) => sum + chip.failed, 0);
  const others = letters.filter(group => group.stream === stream.name).reduce((sum, group) => sum + group.count, 0) - placed;
  if (others > 0) list.push({text: 'other', failed: others});
  return list;
}

/** How long the stages that a stream has took with the events of the last seconds, the slowest first. */
function times(stream, stages) {
  const has = {decode: true, schema: stream.schema, rule: stream.rules.length > 0, dedup: stream.dedupSeconds > 0,
    remember: stream.dedupSeconds > 0, enrich: stream.enrich.length > 0, entity: stream.entity, metrics: stream.metrics.length > 0};
  return Object.entries(stages).filter(([stage]) => has[stage])
    .sort(([, a], [, b]) => b.p99 - a.p99).map(([stage, {p99}]) => ({stage, took: micros(p99)}));
}
