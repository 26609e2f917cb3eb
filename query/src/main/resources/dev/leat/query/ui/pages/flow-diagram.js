// Draws the nodes: side by side where there is room, one below the other on a phone. Measured in CSS pixels, never
// scaled, so that text stays as large as all other text.
import {svg, nothing} from '../parts/dom.js';
import {sparkAt} from '../parts/spark.js';
import {short} from '../format.js';

const BREAK = 860;
const LANE = 78;
const GAP = 12;
const BOX = 156;
const LETTER = 6.2; // of small text, about

export function diagram(nodes, width) {
  return width >= BREAK ? wide(nodes, width) : tall(nodes, width);
}

function wide({door, log, lanes, store, outs}, width) {
  const box = width >= 1100 ? 172 : 158;
  const channel = width >= 1000 ? 44 : 26;
  const lanesX = 2 * (box + channel);
  const lanesWidth = width - 3 * (box + channel);
  const lanesHeight = lanes.length * (LANE + GAP) - GAP;
  const middle = Math.max(lanesHeight, BOX) / 2;
  const lanesTop = middle - lanesHeight / 2;
  const outsTop = Math.max(lanesHeight, BOX) + 46;
  const height = outsTop + 56;
  const storeX = width - box;
  const laneY = i => lanesTop + i * (LANE + GAP) + LANE / 2;
  return frame(width, height, svg`
    ${across(box, middle, box + channel, middle, rate(door))}
    ${lanes.map((lane, i) => across(2 * box + channel, middle, lanesX, laneY(i), lane.rate))}
    ${lanes.map((lane, i) => across(lanesX + lanesWidth, laneY(i), storeX, middle, lane.rate))}
    ${outsRow(outs, lanesX, outsTop, lanesWidth, lanesTop + lanesHeight)}
    ${node(door, 0, middle - BOX / 2, box)}
    ${node(log, box + channel, middle - BOX / 2, box)}
    ${lanes.map((lane, i) => laneBox(lane, lanesX, laneY(i) - LANE / 2, lanesWidth))}
    ${node(store, storeX, middle - BOX / 2, box)}`);
}

function tall({door, log, lanes, store, outs}, width) {
  const channel = 26;
  const lanesTop = 2 * (BOX + channel);
  const lanesHeight = lanes.length * (LANE + GAP) - GAP;
  const outsTop = lanesTop + lanesHeight + 30;
  const storeTop = outsTop + 56 + channel;
  const all = lanes.reduce((sum, lane) => sum + lane.rate, 0);
  return frame(width, storeTop + BOX, svg`
    ${down(28, BOX, BOX + channel, rate(door))}${down(28, 2 * BOX + channel, lanesTop, all)}
    ${down(28, lanesTop + lanesHeight, storeTop, all)}
    ${outsRow(outs, 56, outsTop, width - 56, lanesTop + lanesHeight)}
    ${node(door, 0, 0, width)}${node(log, 0, BOX + channel, width)}
    ${lanes.map((lane, i) => laneBox(lane, 0, lanesTop + i * (LANE + GAP), width))}
    ${node(store, 0, storeTop, width)}`);
}

const rate = one => one.values.at(-1) ?? 0;

const frame = (width, height, content) => svg`<svg class="flow" width=${width} height=${height}
  viewBox="0 0 ${width} ${height}" role="group" aria-label="The pipeline: collector, log, streams with their stages, store">${content}</svg>`;

/** A channel: as wide as much runs through it. */
const thickness = perSecond => (perSecond > 0 ? 2.5 + Math.log10(1 + perSecond) * 2 : 1.5);

const channelOf = (path, perSecond) => svg`<g class="channel ${perSecond > 0 ? 'runs' : ''}" aria-hidden="true">
  <path class="bed" d=${path} stroke-width=${thickness(perSecond)}></path>
  ${perSecond > 0 ? svg`<path class="water" d=${path}></path>` : nothing}</g>`;

function across(x1, y1, x2, y2, perSecond) {
  const half = (x1 + x2) / 2;
  return channelOf(`M${x1} ${y1}C${half} ${y1} ${half} ${y2} ${x2} ${y2}`, perSecond);
}

const down = (x, y1, y2, perSecond) => channelOf(`M${x} ${y1}V${y2}`, perSecond);

function node({title, big, unit, values, facts, bad, state}, x, y, width) {
  const lines = bad ? [...facts.slice(0, 2), bad] : facts;
  return svg`<g class="node ${state}" transform="translate(${x} ${y})" role="group" aria-label=${title}>
    <rect width=${width} height=${BOX} rx="12"></rect>
    <text class="title" x="14" y="26">${title}</text>
    <text class="big" x="14" y="60">${big}<tspan class="unit" dx="5">${unit}</tspan></text>
    ${sparkAt(values, 14, 68, width - 28, 24)}
    ${lines.map((line, i) => svg`<text class="fact ${line === bad ? 'bad' : ''}" x="14" y=${108 + i * 16}>${line}</text>`)}
  </g>`;
}

function laneBox({name, rate: perSecond, total, chips, times, href}, x, y, width) {
  return svg`<g class="lane" transform="translate(${x} ${y})">
    <a href=${href ?? `#/streams/${encodeURIComponent(name)}`} aria-label="Stream ${name}, ${short(perSecond)} events per second">
      <rect width=${width} height=${LANE} rx="10"></rect>
      <text class="name" x="14" y="23">${name}</text>
      <text class="rate" x=${width - 14} y="23" text-anchor="end">${short(perSecond)}<tspan class="unit" dx="4">/s</tspan>
        <tspan class="unit" dx="8">${total > 0 ? `${short(total)} in all` : ''}</tspan></text>
      ${chipRow(chips, width - 28)}${timesRow(times, width - 28)}
    </a></g>`;
}

const failures = chip => (chip.failed > 0 ? `✗\u2009${short(chip.failed)}` : '');

/** Guessed from the text. */
const chipWidth = chip => 16 + LETTER * chip.text.length + (chip.failed > 0 ? 6 + 7 * failures(chip).length : 0);

const CHIP_GAP = 6;
const MORE = 14; // of the three dots

/** As many as fit: those that fail and the metrics before stages that just work. All of them for who points there. */
function chipRow(chips, width) {
  const shown = fitting(chips, width);
  let x = 0;
  const drawn = shown.map(chip => {
    const room = chipWidth(chip);
    const one = svg`<g class="chip ${chip.failed > 0 ? 'bad' : ''} ${chip.metric ? 'metric' : ''}" transform="translate(${x} 0)">
      <rect width=${room} height="20" rx="10"></rect><text x="8" y="14">${chip.text}${chip.failed > 0
        ? svg`<tspan class="count" dx="6">${failures(chip)}</tspan>` : nothing}</text></g>`;
    x += room + CHIP_GAP;
    return one;
  });
  const all = chips.map(chip => chip.text).join(', ');
  return svg`<g transform="translate(14 32)">${drawn}${shown.length < chips.length
    ? svg`<g><title>${all}</title><text class="more" x=${x} y="15">…</text></g>` : nothing}</g>`;
}

function fitting(chips, width) {
  const shown = [...chips];
  const needed = () => shown.reduce((sum, chip) => sum + chipWidth(chip) + CHIP_GAP, shown.length < chips.length ? MORE : -CHIP_GAP);
  while (shown.length > 1 && needed() > width) {
    const plain = shown.findLastIndex(chip => chip.failed === 0 && !chip.metric);
    shown.splice(plain < 0 ? shown.length - 1 : plain, 1);
  }
  return shown;
}

/** How long the stages take, the slowest first, as many as fit; all of them for who points there. */
function timesRow(times, width) {
  if (times.length === 0) return nothing;
  const words = times.map(time => `${time.stage} ${time.took}`);
  let shown = words.length;
  while (shown > 1 && LETTER * words.slice(0, shown).join(' · ').length + 26 > width) shown--;
  return svg`<g class="times"><title>99 of 100 events pass within: ${words.join(', ')}</title>
    <text class="fact" x="14" y="68">p99 ${words.slice(0, shown).join(' · ')}</text></g>`;
}

/** Where events leave the way to the store. */
function outsRow(outs, x, y, width, from) {
  const gap = 12;
  const each = (width - gap * (outs.length - 1)) / outs.length;
  return outs.map((out, i) => {
    const left = x + i * (each + gap);
    const centre = left + each / 2;
    const inner = svg`<rect width=${each} height="52" rx="10"></rect>
      <text class="name" x="12" y="21">${out.title}</text>
      <text class="rate" x="12" y="41">${out.total}<tspan class="unit" dx="6">${out.rate > 0 ? `+${short(out.rate)}/s` : ''}</tspan></text>`;
    return svg`<path class="drain ${out.rate > 0 ? 'runs' : ''}" d="M${centre} ${from}V${y}" aria-hidden="true"></path>
      <g class="out ${out.key} ${out.rate > 0 ? 'runs' : ''}" transform="translate(${left} ${y})">
        ${out.href ? svg`<a href=${out.href} aria-label="${out.title}: ${out.total}">${inner}</a>` : inner}</g>`;
  });
}
