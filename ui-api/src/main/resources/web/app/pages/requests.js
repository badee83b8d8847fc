import { html, nothing } from 'lit';
import { get } from '../api.js';
import { count, micros, time, usd } from '../format.js';
import { Page } from '../page.js';
import { badge, empty, folded, pager, table } from '../parts.js';
import { go } from '../router.js';

const PAGE = 50;
export const TONES = { served: 'good', denied: 'bad', failed: 'bad', cancelled: 'warn' };
const FILTERS = ['outcome', 'modelAsked', 'tenant', 'apiKey', 'provider', 'credential.name', 'errorCode', 'from', 'to'];

function outcome({ outcome: word, errorCode }) {
  return html`${badge(word, TONES[word])}${errorCode ? html`<code class="reason">${errorCode}</code>` : nothing}`;
}

/** What became of the last requests, of one tenant or of all that may be seen. */
class Requests extends Page {
  heading() {
    return this.route.tenant ? `Requests of ${this.route.tenant}` : 'Requests';
  }

  lead() {
    return `The last ${PAGE}, the newest first; nodes report within about a second. Times are UTC.`;
  }

  load({ tenant, query }) {
    const parameters = { limit: PAGE, cursor: query.get('cursor') };
    for (const name of FILTERS) parameters[name] = query.get(name);
    if (tenant) parameters.tenant = tenant;
    return get('/api/admin/requests', parameters);
  }

  before() {
    const { query, tenant } = this.route;
    const text = (name, label, hint = '') =>
      html`<label>${label}<input name=${name} .value=${query.get(name) ?? ''} placeholder=${hint} autocomplete="off" /></label>`;
    return folded(query, html`<form class="filters" role="search" aria-label="Filter requests" @submit=${this.filter}>
      <label>Outcome
        <select name="outcome">
          ${['', 'served', 'denied', 'failed', 'cancelled'].map(
            (each) => html`<option value=${each} ?selected=${each === (query.get('outcome') ?? '')}>${each || 'any'}</option>`,
          )}
        </select></label>
      ${tenant ? nothing : text('tenant', 'Tenant')} ${text('apiKey', 'API key')} ${text('modelAsked', 'Model')}
      ${tenant ? nothing : html`${text('provider', 'Provider')} ${text('credential.name', 'Credential', 'tenant/secret')}`}
      ${text('from', 'From', '2026-11-01T00:00Z')} ${text('to', 'Until', '2026-12-01T00:00Z')}
      <button>Show</button>
    </form>`);
  }

  filter(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const chosen = new URLSearchParams();
    for (const name of FILTERS) {
      const value = (form.get(name) ?? '').trim();
      if (value) chosen.set(name, name === 'from' || name === 'to' ? instant(value) : value);
    }
    this.show(chosen);
  }

  show(parameters) {
    const text = parameters.toString();
    go(this.route.path + (text ? `?${text}` : ''));
  }

  content({ items, nextCursor }) {
    const { query } = this.route;
    if (items.length === 0) {
      return [...query.keys()].length > 0
        ? empty('No request matches.')
        : empty(
            'No request yet. Send the first one with a key of this tenant:',
            `curl -N "$OPENAI_BASE_URL/chat/completions" -H "Authorization: Bearer $OPENAI_API_KEY" \\
  -H 'Content-Type: application/json' \\
  -d '{"model": "assistant", "stream": true, "messages": [{"role": "user", "content": "Hello"}]}'`,
          );
    }
    return html`<div class="sheet flush">
        ${table({ caption: this.heading(), rows: items, columns: this.columns() })}
      </div>
      ${pager(query, nextCursor, (wanted) => this.show(wanted))}`;
  }

  columns() {
    return [
      { label: 'Time', cell: ({ id, at }) => html`<a href="/requests/${id}">${time(at)}</a>` },
      { label: 'Caller', cell: this.route.tenant ? ({ apiKey, subject }) => apiKey ?? subject ?? '–' : this.caller },
      { label: 'Model', cell: this.model },
      { label: 'Outcome', cell: outcome },
      { label: 'Provider', cell: this.provider },
      !this.route.tenant && { label: 'Credential', cell: ({ credential }) => this.credential(credential) },
      { label: 'First token', kind: 'number', cell: ({ ttftDeliveredMicros }) => micros(ttftDeliveredMicros) },
      { label: 'Tokens in / out', kind: 'number', cell: ({ tokens }) => `${count(tokens.input)} / ${count(tokens.output)}` },
      { label: 'Cost', kind: 'number', cell: ({ costNanoUsd }) => usd(costNanoUsd) },
    ];
  }

  caller({ tenant, apiKey, subject }) {
    return html`${apiKey ?? subject ?? '–'}<span class="under">${tenant ? `of ${tenant}` : nothing}</span>`;
  }

  model({ modelAsked, model }) {
    if (!modelAsked) return '–';
    return model && model !== modelAsked ? html`${modelAsked}<span class="under">→ ${model}</span>` : modelAsked;
  }

  credential(credential) {
    return credential ? html`${credential.name}<span class="under">version ${credential.version}</span>` : '–';
  }

  provider({ provider, providerRegion }) {
    return provider ? html`${provider}<span class="under">${providerRegion}</span>` : '–';
  }
}

/** What people type of a time, in full: a day, a day and an hour, with or without its zone. */
function instant(text) {
  const zoned = /[zZ]|[+-]\d\d:\d\d$/.test(text) ? text : /\d\d:\d\d/.test(text) ? `${text}Z` : text;
  const at = new Date(zoned.replace(' ', 'T'));
  return Number.isNaN(at.getTime()) ? text : at.toISOString();
}

customElements.define('penstock-requests', Requests);
