// Where in the text of a JSON document a pointer leads. The text is what a sender wrote, so it is never rewritten.
const SPACE = /\s/;

/** {from, to} of the member with its name or of the element; of what is nearest if it is not there; null in no JSON. */
export function placeOf(text, pointer) {
  const steps = pointer.split('/').slice(1).map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  try {
    const place = seek(text, skip(text, 0), steps, null);
    return place && place.to > place.from ? place : null;
  } catch {
    return null; // Not JSON, or broken off.
  }
}

/** The places that an expression speaks of: data.order.id is /order/id. */
export function fieldsOf(expression) {
  return [...new Set([...expression.matchAll(/\bdata((?:\.\w+)+)/g)].map(([, path]) => path.replaceAll('.', '/')))];
}

function seek(text, at, steps, whole) {
  if (steps.length === 0) return {from: whole ?? at, to: end(text, at)};
  if (text[at] !== '{' && text[at] !== '[') return {from: whole ?? at, to: end(text, at)};
  const list = text[at] === '[';
  const begin = at;
  let i = 0;
  at = skip(text, at + 1);
  while (text[at] !== '}' && text[at] !== ']') {
    if (at >= text.length) throw new Error('it ends too early');
    const member = at;
    let name = String(i++);
    if (!list) {
      const after = end(text, at);
      name = JSON.parse(text.slice(at, after));
      at = skip(text, skip(text, after) + 1);
    }
    if (name === steps[0]) return seek(text, at, steps.slice(1), list ? null : member);
    at = skip(text, end(text, at));
    if (text[at] === ',') at = skip(text, at + 1);
  }
  return whole === null ? {from: begin, to: at + 1} : {from: whole, to: at + 1}; // What should have the member.
}

function skip(text, at) {
  while (SPACE.test(text[at] ?? '')) at++;
  return at;
}

/** Behind the value that begins here. */
function end(text, at) {
  if (text[at] === '"') {
    for (at++; text[at] !== '"'; at++) {
      if (text[at] === '\\') at++;
      if (at >= text.length) throw new Error('it ends too early');
    }
    return at + 1;
  }
  if (text[at] !== '{' && text[at] !== '[') {
    while (at < text.length && !/[\s,\]}]/.test(text[at])) at++;
    return at;
  }
  let depth = 0;
  while (at < text.length) {
    if (text[at] === '"') {
      at = end(text, at);
      continue;
    }
    if (text[at] === '{' || text[at] === '[') depth++;
    if (text[at] === '}' || text[at] === ']') depth--;
    at++;
    if (depth === 0) return at;
  }
  throw new Error('it ends too early');
}
