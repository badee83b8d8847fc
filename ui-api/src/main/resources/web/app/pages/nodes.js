import { html, nothing } from 'lit';
import { get } from '../api.js';
import { count, millis, time } from '../format.js';
import { Page } from '../page.js';
import { badge, empty, table } from '../parts.js';
import { go } from '../router.js';

/** Which nodes there are, and which revision each of them enforces. */
class Nodes extends Page {
  heading() {
    return 'Nodes';
  }

  lead() {
    return 'Which revision each node has acknowledged; how far it is behind is computed by the control plane.';
  }

  load({ query }) {
    return get('/api/admin/nodes', { limit: 500, behind: query.get('behind'), region: query.get('region') });
  }

  before() {
    const { query } = this.route;
    return html`<form class="filters" role="search" aria-label="Filter nodes" @submit=${this.filter}>
      <label>Region<input name="region" .value=${query.get('region') ?? ''} autocomplete="off" /></label>
      <label>Does not yet enforce revision
        <input name="behind" inputmode="numeric" .value=${query.get('behind') ?? ''} autocomplete="off" /></label>
      <button>Show</button>
    </form>`;
  }

  filter(event) {
    event.preventDefault();
    const chosen = new URLSearchParams([...new FormData(event.target)].filter(([, value]) => value.trim()));
    go(`/nodes?${chosen}`);
  }

  content({ items }) {
    if (items.length === 0) {
      return this.route.query.has('behind')
        ? empty(`Every node enforces revision ${this.route.query.get('behind')}.`)
        : empty('No node has ever connected. Start one:', './penstock up --nodes eu-west=1,us-east=1');
    }
    const behind = items.filter((each) => each.revisionsBehind > 0).length;
    const silent = items.filter((each) => !each.connected).length;
    const said = [
      `${items.length} node${items.length === 1 ? '' : 's'}`,
      behind ? `${behind} behind` : 'all enforce the newest revision of their region',
      silent ? `${silent} not connected` : 'all connected',
    ];
    return html`<p class="summary">${said.join(' · ')}</p>
      <div class="sheet flush">${table({ caption: 'Nodes', rows: items, columns: this.columns() })}</div>`;
  }

  columns() {
    return [
      { label: 'Node', kind: 'name', cell: ({ name }) => html`<code>${name}</code>` },
      { label: 'Region', kind: 'name', cell: ({ region }) => region },
      { label: 'State', cell: ({ connected }) => (connected ? badge('connected', 'good') : badge('silent', 'bad')) },
      { label: 'Last heard', cell: ({ lastHeartbeatAt }) => time(lastHeartbeatAt) },
      { label: 'Desired', kind: 'number', cell: ({ desiredRevision }) => desiredRevision },
      { label: 'Acknowledged', kind: 'number', cell: ({ ackedRevision }) => ackedRevision },
      { label: 'Behind', cell: this.behind },
      { label: 'Refused', kind: 'wide', cell: this.nacks },
      { label: 'Streams', kind: 'number', cell: ({ inflight }) => count(inflight) },
    ];
  }

  behind({ revisionsBehind, behindMillis }) {
    return revisionsBehind === 0
      ? badge('no', 'good')
      : html`${badge(`${revisionsBehind} revision${revisionsBehind === 1 ? '' : 's'}`, 'warn')}
          <span class="from">for ${millis(behindMillis)}</span>`;
  }

  nacks({ nacks }) {
    if (!nacks?.length) return 'nothing';
    return html`<ul class="plain">
      ${nacks.map(({ resource, reason }) => html`<li><code>${resource}</code> ${reason ?? nothing}</li>`)}
    </ul>`;
  }
}

customElements.define('penstock-nodes', Nodes);
