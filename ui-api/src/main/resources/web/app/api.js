// Calls of the backend. There is no token here: the browser has a cookie that no script can read.

/** What the backend or the admin API refused, as an RFC 9457 problem. */
export class Problem extends Error {
  constructor(problem) {
    super(problem.detail);
    this.title = problem.title;
    this.status = problem.status;
    this.detail = problem.detail;
    this.errors = problem.errors ?? [];
    this.signIn = problem.signIn;
  }
}

const NO_ANSWER = { title: 'No answer', status: 0, detail: 'The console does not answer. Try again.' };

export function query(parameters = {}) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value) search.append(name, value);
  }
  const text = search.toString();
  return text ? `?${text}` : '';
}

/** Answers with the JSON and its ETag; throws a Problem. */
export async function call(path, { method = 'GET', parameters, headers = {}, body } = {}) {
  let answer;
  try {
    answer = await fetch(path + query(parameters), {
      method,
      headers: {
        'X-Requested-With': 'JavaScript',
        Accept: 'application/json',
        ...(body ? { 'Content-Type': 'application/json' } : {}),
        ...headers,
      },
      body: body ? JSON.stringify(body) : undefined,
    });
  } catch {
    throw new Problem(NO_ANSWER);
  }
  const text = await answer.text();
  const json = parse(text);
  if (!answer.ok) throw new Problem(json?.title ? json : { ...NO_ANSWER, status: answer.status });
  return { json, etag: answer.headers.get('ETag') };
}

export async function get(path, parameters) {
  return (await call(path, { parameters })).json;
}

function parse(text) {
  try {
    return text ? JSON.parse(text) : {};
  } catch {
    return undefined;
  }
}

/** Names one write, so that a repetition is not a second one. Works without TLS, too. */
export function idempotencyKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Where to sign in and come back from, with the level that was asked for. */
export function signInAddress({ acr, maxAge, organization } = {}, to = here()) {
  return '/sign-in' + query({ to, acr, maxAge, organization });
}

function here() {
  const parameters = new URLSearchParams(location.search);
  const wanted = parameters.get('to');
  return parameters.has('signIn') ? (wanted ?? '/') : location.pathname + location.search;
}
