// A chart by uPlot, in the colours of the page. The element stays; a new drawing replaces the old one in it.
import {html, nothing} from './dom.js';
import {short} from '../format.js';

const HEIGHT = 300;
const DASHES = [[], [6, 4], [2, 3], [8, 3, 2, 3], [1, 4], [10, 5]];

/** What is drawn at present: the element of each chart, and what it shows. */
const drawings = new WeakMap();

/**
 * @param plot {kind, time, label, x, names, series: [{name, values}], marks: [{x, text}], shade: x from which on it may change}
 */
export const chart = plot => html`<figure class="chart" role="img" aria-label="Chart: ${plot.label}" .plot=${plot}></figure>${later(plot)}`;

/** It is drawn once its element is in the page. */
function later(plot) {
  requestAnimationFrame(() => document.querySelectorAll('figure.chart').forEach(figure => {
    if (figure.plot === plot) draw(figure);
  }));
  return nothing;
}

async function draw(figure) {
  const {default: Plot} = await import('/ui/lib/uplot.js');
  const {plot} = figure;
  const before = drawings.get(figure);
  if (!plot || before?.plot === plot) return;
  before?.chart.destroy();
  const width = figure.clientWidth;
  const made = new Plot(options(Plot, plot, width), [plot.x, ...plot.series.map(one => one.values)], figure);
  drawings.set(figure, {plot, chart: made});
  if (!before) new ResizeObserver(() => drawings.get(figure)?.chart.setSize({width: figure.clientWidth, height: HEIGHT})).observe(figure);
}

/** A canvas keeps the colours it was drawn in. */
const recolour = () => requestAnimationFrame(() => document.querySelectorAll('figure.chart').forEach(figure => {
  const before = drawings.get(figure);
  if (before) {
    figure.plot = {...before.plot};
    draw(figure);
  }
}));
window.addEventListener('leat-theme', recolour);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recolour);

function options(Plot, plot, width) {
  const style = getComputedStyle(document.documentElement);
  // A colour of the theme is written light-dark(...); a canvas needs the one that it comes to.
  const probe = document.getElementById('main');
  const colour = name => {
    probe.style.outlineColor = `var(${name})`;
    const found = getComputedStyle(probe).outlineColor;
    probe.style.outlineColor = '';
    return found;
  };
  const ink = colour('--quiet');
  const lines = [1, 2, 3, 4, 5, 6].map(i => colour(`--series-${i}`));
  const font = `12px ${style.getPropertyValue('--sans')}`;
  const axis = {space: 74, stroke: ink, font, grid: {stroke: colour('--line'), width: 1}, ticks: {show: false}};
  const bars = plot.kind === 'bars' ? {paths: Plot.paths.bars({size: [0.6, 60]})} : {};
  return {
    width, height: HEIGHT, padding: [12, 32, 0, 0], cursor: {points: {size: 7}},
    scales: {x: {time: plot.time, ...(plot.names ? {range: (_, low, high) => [low - 0.6, high + 0.6]} : {})},
      y: {range: (_, low, high) => [Math.min(0, low), high <= 0 ? 1 : high * 1.08]}},
    tzDate: seconds => Plot.tzDate(new Date(seconds * 1e3), 'Etc/UTC'),
    axes: [{...axis, ...(plot.names ? {splits: () => plot.x, values: (_, splits) => splits.map(i => cut(plot.names[i], plot.x.length))}
      : plot.time ? {values: (_, splits, __, ___, step) => splits.map(second => moment(second, step))} : {})},
      {...axis, space: 36, size: 60, values: (_, splits) => splits.map(short)}],
    series: [{label: plot.time ? 'time' : plot.axis ?? 'x', value: (_, x) => (x === null ? '–' : plot.names ? plot.names[x] : plot.time ? when(x) : short(x))},
      ...plot.series.map((one, i) => ({label: one.name, stroke: lines[i % 6], width: 2, dash: DASHES[i % DASHES.length],
        fill: plot.kind === 'bars' ? `color-mix(in srgb, ${lines[i % 6]} 45%, transparent)` : plot.series.length === 1 ? `color-mix(in srgb, ${lines[0]} 12%, transparent)` : undefined,
        points: {show: plot.kind === 'line' && plot.x.length < 60, size: 5, fill: lines[i % 6]}, value: (_, y) => short(y), ...bars}))],
    hooks: {draw: [drawing => marks(drawing, plot, colour, font)]},
  };
}

/** As short as the distance of the marks allows. */
const moment = (seconds, step) => (step >= 86400 ? when(seconds).slice(5, 10) : step >= 60 ? when(seconds).slice(11, 16) : when(seconds).slice(11));

const when = seconds => new Date(seconds * 1e3).toISOString().slice(0, 19).replace('T', ' ');
const cut = (name, many) => (name === undefined ? '' : name.length > 120 / many + 8 ? `${name.slice(0, Math.max(4, Math.floor(120 / many + 6)))}…` : name);

/** Lines at places of their own, and a veil over what is not settled. */
function marks(drawing, plot, colour, font) {
  const {ctx, bbox} = drawing;
  ctx.save();
  if (plot.shade !== undefined) {
    const left = Math.max(bbox.left, drawing.valToPos(plot.shade, 'x', true));
    ctx.fillStyle = colour('--veil');
    if (left < bbox.left + bbox.width) ctx.fillRect(left, bbox.top, bbox.left + bbox.width - left, bbox.height);
  }
  ctx.font = font;
  for (const {x, text} of plot.marks ?? []) {
    const at = drawing.valToPos(x, 'x', true);
    if (at < bbox.left || at > bbox.left + bbox.width) continue;
    ctx.strokeStyle = ctx.fillStyle = colour('--warn');
    ctx.setLineDash([4, 4]);
    ctx.beginPath();
    ctx.moveTo(at, bbox.top);
    ctx.lineTo(at, bbox.top + bbox.height);
    ctx.stroke();
    ctx.textAlign = at > bbox.left + bbox.width / 2 ? 'right' : 'left';
    ctx.fillText(text, at + (ctx.textAlign === 'right' ? -6 : 6), bbox.top + 14);
  }
  for (const {x, y} of plot.dots ?? []) {
    ctx.setLineDash([]);
    ctx.strokeStyle = colour('--warn');
    ctx.lineWidth = 2;
    ctx.beginPath();
    ctx.arc(drawing.valToPos(x, 'x', true), drawing.valToPos(y, 'y', true), 6, 0, 7);
    ctx.stroke();
  }
  ctx.restore();
}
