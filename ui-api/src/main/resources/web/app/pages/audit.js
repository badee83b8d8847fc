import { html, nothing } from 'lit';
import { get } from '../api.js';
import { count, time } from '../format.js';
import { Page } from '../page.js';
import { badge, empty, folded, pager, table } from '../parts.js';
import { go } from '../router.js';

const PAGE = 50;
const FILTERS = ['actor', 'action', 'resource', 'tenant', 'outcome', 'from', 'to'];
const ACTIONS = ['', 'create', 'update', 'delete', 'rotate', 'revoke', 'rollback', 'write', 'exchange.deny',
  'rollout.start', 'rollout.stop', 'rollout.resume', 'rollout.finish'];
const OUTCOMES = { done: 'good', refused: 'warn', denied: 'bad' };

/** Who did what to which resource, and which exchanges were denied. */
class Audit extends Page {
  heading() {
    return 'Audit events';
  }

  lead() {
    return 'Changes, refused writes and denied exchanges, the newest first. Events are appended and never changed. Times are UTC.';
  }

  load({ query }) {
    const parameters = { limit: PAGE, cursor: query.get('cursor') };
    for (const name of FILTERS) parameters[name] = query.get(name);
    return get('/api/admin/audit-events', parameters);
  }

  before() {
    const { query } = this.route;
    const choice = (name, label, words) =>
      html`<label>${label}
        <select name=${name}>
          ${words.map((each) => html`<option value=${each} ?selected=${each === (query.get(name) ?? '')}>${each || 'any'}</option>`)}
        </select></label>`;
    const text = (name, label, hint = '') =>
      html`<label>${label}<input name=${name} .value=${query.get(name) ?? ''} placeholder=${hint} autocomplete="off" /></label>`;
    return folded(query, html`<form class="filters" role="search" aria-label="Filter audit events" @submit=${this.filter}>
      ${text('actor', 'Actor')} ${choice('action', 'Action', ACTIONS)} ${text('resource', 'Resource', 'Budget acme/month')}
      ${text('tenant', 'Tenant and below')} ${choice('outcome', 'Outcome', ['', ...Object.keys(OUTCOMES)])}
      ${text('from', 'From', '2026-11-01T00:00:00Z')} ${text('to', 'Until', '2026-12-01T00:00:00Z')}
      <button>Show</button>
    </form>`);
  }

  filter(event) {
    event.preventDefault();
    this.show(new URLSearchParams([...new FormData(event.target)].filter(([, value]) => value.trim())));
  }

  show(parameters) {
    const text = parameters.toString();
    go(text ? `/audit?${text}` : '/audit');
  }

  content({ items, nextCursor }) {
    const { query } = this.route;
    if (items.length === 0) return empty('No event matches.');
    return html`<div class="sheet flush">
        ${table({ caption: 'Audit events', rows: items, columns: this.columns() })}
      </div>
      ${pager(query, nextCursor, (wanted) => this.show(wanted))}`;
  }

  columns() {
    return [
      { label: 'Time', cell: ({ at }) => time(at) },
      { label: 'Actor', cell: ({ actor }) => actor },
      { label: 'Action', cell: ({ action }) => action },
      { label: 'Resource', cell: ({ resource, requestId }) => this.thing(resource, requestId) },
      { label: 'Tenant', kind: 'name', cell: ({ tenant }) => (tenant ? html`<a href="/tenants/${tenant}">${tenant}</a>` : 'platform') },
      { label: 'Outcome', cell: ({ outcome, occurrences }) => html`${badge(outcome, OUTCOMES[outcome])}${occurrences > 1 ? ` ${count(occurrences)} times` : nothing}` },
      { label: 'Reason', kind: 'wide', cell: ({ reason }) => reason ?? '–' },
      { label: 'Revision', kind: 'number', cell: ({ revision }) => revision ?? '–' },
    ];
  }

  thing(resource, requestId) {
    return html`${resource ?? nothing}${requestId ? html` <a href="/requests/${requestId}">request</a>` : nothing}${!resource && !requestId ? '–' : nothing}`;
  }
}

customElements.define('penstock-audit', Audit);
