// What the editor knows of SQL: words to colour, and names to suggest. No elements but spans.
import {html} from '../parts/dom.js';

const WORDS = ('SELECT FROM WHERE GROUP BY ORDER LIMIT AS AND OR NOT IN IS NULL LIKE BETWEEN CASE WHEN THEN ELSE END JOIN LEFT '
  + 'ON USING HAVING DISTINCT UNION ALL WITH DESC ASC OFFSET INTERVAL OVER PARTITION QUALIFY DESCRIBE TRUE FALSE FILTER').split(' ');
const FUNCTIONS = ('count sum avg min max median quantile_cont approx_count_distinct time_bucket date_trunc coalesce round '
  + 'arg_max arg_min string_agg list row_number lag lead regexp_matches contains lower upper strftime').split(' ');
const ENVELOPE = ['id', 'source', 'type', 'subject', 'time', 'received_at', 'partition_key', 'sampled_rate', 'shard', 'log_offset', 'data'];
const TOKEN = /(--[^\n]*|\/\*[\s\S]*?\*\/)|('(?:[^']|'')*'?)|("(?:[^"]|"")*"?)|(\b\d+(?:\.\d+)?\b)|([A-Za-z_]\w*)|(\s+|.)/g;
const KNOWN = new Set(WORDS);
const CALLS = new Set(FUNCTIONS);
const MOST = 9;

export function coloured(text) {
  return [...text.matchAll(TOKEN)].map(([token, comment, string, , digits, word]) => {
    const kind = comment ? 'comment' : string ? 'string' : digits ? 'digits'
      : word && KNOWN.has(word.toUpperCase()) ? 'word' : word && CALLS.has(word.toLowerCase()) ? 'call' : '';
    return kind ? html`<span class=${kind}>${token}</span>` : token;
  });
}

/**
 * Names that go on from what stands before the cursor.
 * @param asked also where nothing has been typed yet
 */
export function suggestions(before, tables, asked) {
  const word = /[\w.]*$/.exec(before)[0];
  const from = before.length - word.length;
  const quiet = {list: [], from};
  if (inText(before) || (word.length < 1 && !asked) || /^\d/.test(word)) return quiet;
  const typed = word.toLowerCase();
  const fits = candidates(before.slice(0, from), tables).filter(({text}) => text.toLowerCase().startsWith(typed) && text !== word);
  return {list: fits.slice(0, MOST), from};
}

const inText = before => (before.replaceAll("''", '').split("'").length - 1) % 2 === 1 || /--[^\n]*$/.test(before);

function candidates(before, tables) {
  const names = tables.map(table => ({text: table.name, kind: table.kind === 'system' ? 'system table' : 'table'}));
  if (/\b(from|join)\s+$/i.test(before)) return names;
  const named = tables.filter(table => new RegExp(`\\b(from|join)\\s+"?${table.name}\\b`, 'i').test(before));
  const fields = unique((named.length > 0 ? named : tables).flatMap(table => table.fields)
    .map(field => ({text: field.name, kind: field.type})));
  const envelope = ENVELOPE.map(text => ({text, kind: 'column'}));
  return [...fields, ...envelope, ...names,
    ...WORDS.map(text => ({text, kind: 'word'})), ...FUNCTIONS.map(text => ({text: `${text}(`, kind: 'function'}))];
}

function unique(list) {
  const seen = new Set();
  return list.filter(({text}) => !seen.has(text) && seen.add(text));
}
