// Figures as people read them. One locale for all, so that a screenshot means the same everywhere.
const whole = new Intl.NumberFormat('en', {maximumFractionDigits: 0});
const NARROW = '\u202f';

export const number = n => (n === null || n === undefined ? '–' : whole.format(n));

/** Three digits and a letter. */
export function short(n) {
  if (n === null || n === undefined || !Number.isFinite(n)) return '–';
  for (const [size, letter] of [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e4, 'k']]) {
    if (Math.abs(n) >= size) {
      const scaled = n / (letter === 'k' ? 1e3 : size);
      return (scaled >= 100 ? scaled.toFixed(0) : scaled.toFixed(1)) + NARROW + letter;
    }
  }
  return n !== 0 && Math.abs(n) < 10 && !Number.isInteger(n) ? n.toFixed(1) : whole.format(n);
}

export function bytes(n) {
  if (n === null || n === undefined) return '–';
  for (const [size, unit] of [[1e12, 'TB'], [1e9, 'GB'], [1e6, 'MB'], [1e3, 'kB']]) {
    if (n >= size) return (n / size >= 100 ? (n / size).toFixed(0) : (n / size).toFixed(1)) + NARROW + unit;
  }
  return Math.round(n) + NARROW + 'B';
}

export function millis(n) {
  if (n === null || n === undefined) return '–';
  if (n >= 60e3) return span(n / 1e3);
  if (n >= 1e3) return (n / 1e3).toFixed(1) + NARROW + 's';
  return (n >= 10 ? n.toFixed(0) : n.toFixed(1)) + NARROW + 'ms';
}

/** Milliseconds that are fractions of one. */
export const micros = n => (n >= 1 ? millis(n) : trimmed(n * 1e3) + NARROW + 'µs');

/** Seconds, in the largest unit that fits. */
export function span(seconds) {
  for (const [size, unit] of [[86400, 'd'], [3600, 'h'], [60, 'min']]) {
    if (seconds >= size) return trimmed(seconds / size) + NARROW + unit;
  }
  return trimmed(seconds) + NARROW + 's';
}

const trimmed = n => (n >= 10 || Number.isInteger(n) ? n.toFixed(0) : n.toFixed(1));

export const percent = share => (share * 100 >= 10 ? (share * 100).toFixed(0) : (share * 100).toFixed(1)) + NARROW + '%';

export function ago(time, now = Date.now()) {
  if (!time) return '–';
  const seconds = (now - Date.parse(time)) / 1e3;
  return seconds < 1.5 ? 'just now' : `${span(Math.floor(seconds))} ago`;
}

/** 14:03:59 today, with the date on other days; UTC as everywhere in Leat. */
export function clock(time) {
  if (!time) return '–';
  const iso = new Date(time).toISOString();
  return iso.slice(0, 10) === new Date().toISOString().slice(0, 10) ? iso.slice(11, 19) : iso.slice(0, 19).replace('T', ' ');
}

export const plural = (n, one, many = one + 's') => `${number(n)} ${n === 1 ? one : many}`;
