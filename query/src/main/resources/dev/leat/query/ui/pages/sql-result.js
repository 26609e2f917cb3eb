// The rows of an answer: as a grid, or drawn where the first column can be an axis and others are numbers.
import {html, nothing} from '../parts/dom.js';
import {chart} from '../parts/chart.js';

const GRID_ROWS = 500;
const NUMERIC = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|REAL|DECIMAL.*)$/;
const TIME = /^(TIMESTAMP.*|DATE)$/;

export function result(state, parts) {
  const {answer} = state;
  const plot = plottable(answer);
  const shape = plot ? state.shape : 'grid';
  const tab = (name, text) => html`<button aria-pressed=${shape === name} ?disabled=${name === 'chart' && !plot}
    title=${name === 'chart' && !plot ? 'A chart needs a first column and a column of numbers' : ''}
    @click=${() => { state.shape = name; parts.draw(); }}>${text}</button>`;
  return html`<section aria-label="Result"><div class="tabs">${tab('grid', 'Rows')}${tab('chart', 'Chart')}</div>
    ${shape === 'grid' ? grid(answer) : chart(plot)}</section>`;
}

function grid({columns, rows}) {
  const numeric = columns.map(column => NUMERIC.test(column.type));
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label="Rows"><table class="grid">
    <thead><tr>${columns.map((column, i) => html`<th scope="col" class=${numeric[i] ? 'num' : ''}>${column.name}
      <small>${brief(column.type)}</small></th>`)}</tr></thead>
    <tbody>${rows.slice(0, GRID_ROWS).map(row => html`<tr>${row.map((value, i) => cell(value, numeric[i]))}</tr>`)}</tbody></table></div>
    ${rows.length > GRID_ROWS ? html`<p class="aside">The first ${GRID_ROWS} are shown; the download has all.</p>` : nothing}
    ${rows.length === 0 ? html`<p class="aside">No rows.</p>` : nothing}`;
}

const brief = type => (type.length > 22 ? type.split('(')[0] : type);

function cell(value, numeric) {
  if (value === null) return html`<td class="null">null</td>`;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return html`<td class=${numeric ? 'num' : ''} title=${text.length > 40 ? text : nothing}>${text}</td>`;
}

/** What there is to draw: x from the first column, a line or bars for each column of numbers; null if nothing. */
export function plottable({columns, rows}) {
  const series = columns.map((column, i) => ({...column, i})).slice(1).filter(column => NUMERIC.test(column.type)).slice(0, 6);
  if (series.length === 0 || rows.length < 2) return null;
  const time = TIME.test(columns[0].type);
  const number = NUMERIC.test(columns[0].type);
  const order = [...rows].filter(row => row[0] !== null);
  if (time) order.sort((a, b) => Date.parse(a[0]) - Date.parse(b[0]));
  else if (number) order.sort((a, b) => a[0] - b[0]);
  const shown = order.slice(0, time || number ? 1000 : 40);
  return {
    kind: time || number ? 'line' : 'bars', time, label: `${series.map(one => one.name).join(', ')} by ${columns[0].name}`,
    axis: columns[0].name,
    x: shown.map((row, i) => (time ? Date.parse(row[0]) / 1e3 : number ? Number(row[0]) : i)),
    names: time || number ? null : shown.map(row => String(row[0])),
    series: series.map(one => ({name: one.name, values: shown.map(row => (row[one.i] === null ? null : Number(row[one.i])))})),
  };
}
