// A small line without axes: what it was like in the last minute.
import {svg} from './dom.js';

export function sparkPath(values, width, height) {
  const most = Math.max(...values, 1e-9);
  const step = width / Math.max(values.length - 1, 1);
  return values.map((value, i) =>
    `${i === 0 ? 'M' : 'L'}${(i * step).toFixed(1)} ${(height - 1 - value / most * (height - 2)).toFixed(1)}`).join('');
}

/** Inside another drawing. */
export function sparkAt(values, x, y, width, height, kind = '') {
  if (values.length < 2) return svg``;
  const path = sparkPath(values, width, height);
  return svg`<g class="spark ${kind}" transform="translate(${x} ${y})" aria-hidden="true">
    <path class="area" d="${path}L${width} ${height}L0 ${height}Z"></path><path class="line" d=${path}></path></g>`;
}

export const spark = (values, label, width = 96, height = 24) => svg`<svg class="sparkline" role="img"
  aria-label=${label} viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" width=${width} height=${height}>
  ${sparkAt(values, 0, 0, width, height)}</svg>`;
