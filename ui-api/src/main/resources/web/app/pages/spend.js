import { html, nothing, svg } from 'lit';
import { get, query as queryOf } from '../api.js';
import { count, day, micros, perMille, time, usd, usdLeft } from '../format.js';
import { Page } from '../page.js';
import { badge, empty, table } from '../parts.js';
import { go } from '../router.js';

const DAYS = [7, 30, 90];
const GROUPS = [
  ['tenant', 'Tenant'],
  ['apiKey', 'API key'],
  ['subject', 'Subject'],
  ['model', 'Model'],
  ['provider', 'Provider'],
  ['region', 'Region'],
];
const REASONS = {
  spent: 'that much was spent',
  refused: 'the rest could not pay for a request',
  raised: 'the budget was raised',
  'window-over': 'a new window began',
  aged: 'spend left the rolling window',
  changed: 'the thresholds were changed',
};
const TONES = { alert: 'warn', route: 'warn', cap: 'bad' };
const MOST_ROWS = 20;
const MOST_BUDGETS = 200;
const DAY_MILLIS = 86_400_000;

/** Where the money of a tenant and all below it is, and where it went. */
class Spend extends Page {
  heading() {
    return `Spend of ${this.route.tenant}`;
  }

  lead() {
    return 'With everything below it. Days are those of UTC; today is not over.';
  }

  get days() {
    const asked = Number(this.route.query.get('days'));
    return DAYS.includes(asked) ? asked : 30;
  }

  get by() {
    const asked = this.route.query.get('by');
    return GROUPS.some(([word]) => word === asked) ? asked : 'model';
  }

  async load({ tenant }) {
    const today = Math.floor(Date.now() / DAY_MILLIS) * DAY_MILLIS;
    const from = new Date(today - (this.days - 1) * DAY_MILLIS).toISOString();
    const common = { under: tenant, from };
    const [budgets, actions, perDay, groups] = await Promise.all([
      get('/api/admin/spend/budgets', { under: tenant, limit: MOST_BUDGETS }),
      get('/api/admin/spend/actions', { under: tenant, limit: MOST_ROWS }),
      get('/api/admin/spend', { ...common, step: 'day' }),
      get('/api/admin/spend', { ...common, groupBy: this.by, sort: '-costNanoUsd', limit: MOST_ROWS }),
    ]);
    return { budgets, actions, days: everyDay(perDay.items, today, this.days), groups };
  }

  before() {
    return html`<form class="filters" aria-label="What to show" @submit=${this.choose}>
      <label>Time
        <select name="days">
          ${DAYS.map((each) => html`<option value=${each} ?selected=${each === this.days}>Last ${each} days</option>`)}
        </select></label>
      <label>Cost by
        <select name="by">
          ${GROUPS.map(([word, label]) => html`<option value=${word} ?selected=${word === this.by}>${label}</option>`)}
        </select></label>
      <button>Show</button>
    </form>`;
  }

  choose(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    go(this.route.path + queryOf({ days: form.get('days'), by: form.get('by') }));
  }

  content({ budgets, actions, days, groups }) {
    return html`${this.budgets(budgets)} ${this.deeds(actions)} ${this.perDay(days)} ${this.groups(groups)}
      <p class="hint">As a file, with more labels and tags:</p>
      <pre tabindex="0" aria-label="Command">./penstock spend --under ${this.route.tenant} --group-by tenant,${this.by === 'tenant' ? 'model' : this.by} --step day -o csv</pre>`;
  }

  budgets({ items, nextCursor }) {
    if (items.length === 0) {
      return empty('No budget of this tenant or below it. Those above it are on its page Budgets.');
    }
    const top = Math.min(...items.map((each) => each.tenantPath.length));
    return html`<section class="sheet flush" aria-labelledby="budget-tree">
      <h2 id="budget-tree">Budgets along the tree</h2>
      ${table({
        caption: 'Budgets of the tenant and of those below it',
        rows: inTreeOrder(items),
        columns: [
          { label: 'Budget', cell: (each) => this.name(each, each.tenantPath.length - top) },
          { label: 'Spent', kind: 'number', cell: ({ spent }) => usd(spent) },
          { label: 'Held', kind: 'number', cell: ({ held }) => usd(held) },
          { label: 'Leased', kind: 'number', cell: (each) => usd(idle(each)) },
          { label: 'In doubt', kind: 'number', cell: ({ quarantined }) => usd(quarantined) },
          { label: 'Free', kind: 'number', cell: ({ available }) => usdLeft(available) },
          { label: 'Of', kind: 'number', cell: ({ limit }) => usd(limit) },
          { label: 'Share', kind: 'wide', cell: bar },
          { label: 'Until', cell: ({ startsAt, endsAt }) => (endsAt ? html`<time datetime=${endsAt}>${day(endsAt)}</time>` : startsAt ? 'rolling' : 'not begun') },
        ],
      })}
      <p class="inset">
        <i class="key spent"></i>spent · <i class="key held"></i>held: what running requests may cost at most, as nodes said last ·
        <i class="key leased"></i>leased to nodes and not held · <i class="key free"></i>free. In doubt is what is leased to nodes that
        are silent.${nextCursor ? ` The first ${MOST_BUDGETS} budgets.` : nothing}
      </p>
    </section>`;
  }

  name({ tenant, name, scope, overage }, level) {
    const only = Object.entries(scope).map(([field, value]) => `${field} ${value}`);
    return html`<span class="level-${Math.min(level, 6)}"><a href="/tenants/${tenant}/spend">${tenant}</a> / ${name}
      ${BigInt(overage) > 0n ? badge(`${usd(overage)} over`, 'bad') : nothing}
      ${only.length ? html`<span class="under">only ${only.join(', ')}</span>` : nothing}</span>`;
  }

  deeds({ items, nextCursor }) {
    if (items.length === 0) return empty('No budget of this tenant or below it has done anything yet: alerted, rerouted or capped.');
    return html`<section class="sheet flush" aria-labelledby="actions">
      <h2 id="actions">What budgets did, the newest first</h2>
      ${table({
        caption: 'Actions of budgets',
        rows: items,
        columns: [
          { label: 'Time (UTC)', cell: ({ at }) => time(at) },
          { label: 'Budget', cell: ({ tenant, budget }) => html`<a href="/tenants/${tenant}/spend">${tenant}</a> / ${budget}` },
          { label: 'Action', cell: action },
          { label: 'At', kind: 'number', cell: ({ atPercent }) => `${atPercent} %` },
          { label: 'Reason', kind: 'wide', cell: ({ reason }) => REASONS[reason] ?? reason },
          { label: 'Spent', kind: 'number', cell: ({ spent }) => usd(spent) },
          { label: 'Of', kind: 'number', cell: ({ amount }) => usd(amount) },
        ],
      })}
      ${nextCursor ? html`<p class="inset">The newest ${MOST_ROWS}.</p>` : nothing}
    </section>`;
  }

  perDay(days) {
    const most = days.reduce((max, { costNanoUsd }) => (BigInt(costNanoUsd) > max ? BigInt(costNanoUsd) : max), 0n);
    const all = days.reduce((sum, { costNanoUsd }) => sum + BigInt(costNanoUsd), 0n);
    return html`<section class="sheet flush" aria-labelledby="per-day">
      <h2 id="per-day">Cost per day: ${usd(all)} in ${days.length} days</h2>
      ${chart(days, most)}
      <details class="inset">
        <summary>The same as a table</summary>
        ${table({
          caption: 'Cost per day',
          rows: days.toReversed(),
          columns: [
            { label: 'Day', cell: ({ at }) => html`<time datetime=${at}>${at.slice(0, 10)}</time>` },
            ...figures(),
          ],
        })}
      </details>
    </section>`;
  }

  groups({ items, nextCursor }) {
    const label = GROUPS.find(([word]) => word === this.by)[1];
    if (items.length === 0) return empty('No request in this time.');
    return html`<section class="sheet flush" aria-labelledby="by-label">
      <h2 id="by-label">Cost by ${label === 'API key' ? label : label.toLowerCase()}, the dearest first</h2>
      ${table({
        caption: `Cost by ${label}`,
        rows: items,
        columns: [
          { label, cell: (row) => row[this.by] || '–' },
          ...figures(),
          { label: 'Borne', kind: 'number', cell: ({ borneNanoUsd }) => (borneNanoUsd === '0' ? '–' : usd(borneNanoUsd)) },
          { label: 'First token p50', kind: 'number', cell: ({ ttftP50Micros }) => micros(ttftP50Micros || null) },
          { label: 'p95', kind: 'number', cell: ({ ttftP95Micros }) => micros(ttftP95Micros || null) },
        ],
      })}
      ${nextCursor ? html`<p class="inset">The first ${MOST_ROWS}.</p>` : nothing}
    </section>`;
  }
}

/** Leased to nodes, and no running request holds it. */
function idle({ leased, held }) {
  return (BigInt(leased) - BigInt(held)).toString();
}

/** What began or ended: a cap that is lifted is good news. */
function action({ action, route, change }) {
  const what = action === 'route' ? `route ${route}` : action;
  return badge(change === 'applied' ? what : `${what} lifted`, change === 'applied' ? TONES[action] : 'good');
}

function figures() {
  return [
    { label: 'Cost', kind: 'number', cell: ({ costNanoUsd }) => usd(costNanoUsd) },
    { label: 'Requests', kind: 'number', cell: ({ requests }) => count(requests) },
    { label: 'Tokens in / out', kind: 'number', cell: ({ tokens }) => `${count(tokens.input)} / ${count(tokens.output)}` },
  ];
}

/** The API leaves out days without a request; a chart must not. */
function everyDay(rows, today, days) {
  const known = new Map(rows.map((row) => [Date.parse(row.at), row]));
  return Array.from({ length: days }, (_, i) => {
    const at = today - (days - 1 - i) * DAY_MILLIS;
    const nothingYet = { requests: 0, costNanoUsd: '0', tokens: { input: 0, output: 0 } };
    return { ...(known.get(at) ?? nothingYet), at: new Date(at).toISOString() };
  });
}

/** Parents before what is below them, by name. */
function inTreeOrder(budgets) {
  const place = ({ tenantPath, name }) => [...tenantPath, ' ', name].join('\u0000');
  return budgets.toSorted((one, other) => (place(one) < place(other) ? -1 : 1));
}

/** Widths are attributes of the picture: nothing here needs a style in the document. */
function bar(budget) {
  const { limit, spent, held, available } = budget;
  let at = 0;
  const parts = [
    ['spent', perMille(spent, limit)],
    ['held', perMille(held, limit)],
    ['leased', perMille(idle(budget), limit)],
    ['free', perMille(available, limit)],
  ];
  const said = parts.map(([name, share]) => `${share / 10} % ${name}`).join(', ');
  return html`<svg class="bar" viewBox="0 0 1000 14" preserveAspectRatio="none" role="img" aria-label=${said}>
    <rect class="ground" x="0" y="0" width="1000" height="14"></rect>
    ${parts.map(([name, width]) => {
      const rect = svg`<rect class=${name} x=${at} y="0" width=${width} height="14"></rect>`;
      at += width;
      return rect;
    })}
  </svg>`;
}

/** Columns of the days; what they say stands in the table below, so here they are one picture. */
function chart(days, most) {
  const step = 1000 / days.length;
  const said = `Cost of each of ${days.length} days; at most ${usd(most)} on one`;
  return html`<svg class="chart" viewBox="0 0 1000 200" preserveAspectRatio="none" role="img" aria-label=${said}>
      ${days.map(({ at, costNanoUsd }, i) => {
        const height = perMille(costNanoUsd, most) / 5;
        return svg`<rect class="spent" x=${i * step + step * 0.1} y=${200 - height} width=${step * 0.8} height=${height}><title>${at.slice(0, 10)}: ${usd(costNanoUsd)}</title></rect>`;
      })}
    </svg>
    <p class="inset axis"><span>${days[0].at.slice(0, 10)}</span><span>most: ${usd(most)}</span><span>${days.at(-1).at.slice(0, 10)}</span></p>`;
}

customElements.define('penstock-spend', Spend);
