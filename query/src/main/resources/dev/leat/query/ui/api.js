// The HTTP interface, with problems as errors whose message is for people.
export class Problem extends Error {
  constructor(status, code, detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

export async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (gone) {
    if (gone.name === 'AbortError') throw gone;
    throw new Problem(0, 'UNREACHABLE', 'The server does not answer. Is it still running?');
  }
  if (response.ok) return response;
  const text = await response.text();
  let problem = {};
  try { problem = JSON.parse(text); } catch { /* not ours */ }
  throw new Problem(response.status, problem.code ?? '', problem.detail ?? `The server answered ${response.status}`);
}

export const get = async (path, options) => (await ask(path, options)).json();

export const send = async (method, path, body) =>
  (await ask(path, {method, headers: {'Content-Type': 'application/json'},
    body: body === undefined ? undefined : JSON.stringify(body)})).json();

/** Rows of a statement; an answer that breaks off is an error too. */
export async function sql(statement, {params = [], maxRows = 1000, signal} = {}) {
  const answer = await (await ask('/v1/sql', {method: 'POST', signal, headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({sql: statement, params, maxRows})})).json();
  if (answer.error) throw new Problem(200, answer.error.code, answer.error.detail);
  return answer;
}

/** A name as SQL has it. */
export const quoted = name => `"${name.replaceAll('"', '""')}"`;
