// How the demo shows things.
const colourful = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (colourful ? `\u001b[${code}m${text}\u001b[0m` : text);

let step = 0;

/** Begins a step. */
export function heading(text) {
  step += 1;
  console.log(`\n${paint('1;36', `${step}. ${text}`)}\n`);
}

/** A remark. */
export function note(text) {
  console.log(`   ${paint('2', text)}`);
}

/**
 * Sends a request and shows it with its answer.
 *
 * @param {{url: string}} service
 * @param {string} method
 * @param {string} path
 * @param {Record<string, unknown>} [body]
 * @param {{bearer?: string, form?: boolean, credentials?: {id: string, secret: string}, show?: string[]}} [options]
 *   `show`: the members of the answer to show, all unless given
 * @returns {Promise<{status: number, body: any}>}
 */
export async function showRequest(service, method, path, body, options = {}) {
  const headers = {};
  if (options.bearer) headers.Authorization = `Bearer ${options.bearer}`;
  if (options.credentials) {
    const { id, secret } = options.credentials;
    headers.Authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
  }
  if (body) headers['Content-Type'] = options.form ? 'application/x-www-form-urlencoded' : 'application/json';
  const text = body && (options.form ? new URLSearchParams(body).toString() : JSON.stringify(body));
  const shown = headers.Authorization ? `${headers.Authorization.split(' ')[0]} ...` : '';
  console.log(`   ${paint('1', `${method} ${path}`)}  ${paint('2', shown)}`);
  if (text) console.log(indent(options.form ? text : JSON.stringify(body, null, 2)));

  const response = await fetch(`${service.url}${path}`, { method, headers, ...(text && { body: text }) });
  const answer = await response.text();
  const parsed = answer ? JSON.parse(answer) : undefined;
  console.log(`   ${paint(response.ok ? '1;32' : '1;33', String(response.status))}`);
  if (parsed) console.log(indent(JSON.stringify(shortened(select(parsed, options.show)), null, 2)));
  return { status: response.status, body: parsed };
}

/** Any value, indented. */
export function showJson(value) {
  console.log(`${indent(JSON.stringify(value, null, 2))}\n`);
}

/** Columns as wide as their widest cell. */
export function table(head, rows) {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column].length)),
  );
  const line = (cells) =>
    `   ${cells.map((cell, column) => cell.padEnd(widths[column])).join('  ')}`.trimEnd();
  console.log(paint('1', line(head)));
  for (const row of rows) console.log(line(row));
  console.log();
}

function select(body, names) {
  return names ? Object.fromEntries(names.map((name) => [name, body[name]])) : body;
}

/** Credentials are as long as they are unreadable. */
function shortened(body) {
  return JSON.parse(JSON.stringify(body), (name, value) =>
    /_token$|_secret$/.test(name) && typeof value === 'string' ? `${value.slice(0, 12)}...` : value,
  );
}

function indent(text) {
  return text.replace(/^/gm, '     ');
}
