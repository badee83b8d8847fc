import { html, nothing } from 'lit';
import { get } from '../api.js';
import { Page } from '../page.js';
import { badge, empty, table } from '../parts.js';
import { go } from '../router.js';

const PAGE = 50;
const MOST_LEVELS = 12;

/** The tree of tenants, opened where one looks, and a search over all of them. */
class Tenants extends Page {
  static properties = { open: { state: true } };

  heading() {
    return 'Tenants';
  }

  lead() {
    return 'What a tenant has is inherited by all below it, and can only be narrowed there.';
  }

  async load({ query }) {
    const search = query.get('search');
    if (search) {
      return get('/api/admin/tenants', { search, limit: PAGE, cursor: query.get('cursor') });
    }
    const root = await this.root();
    this.open = new Map();
    if (root) await this.unfold(root.metadata.name);
    return { root };
  }

  /** The one tenant that is below no other: the way up from any of them. */
  async root() {
    let [found] = (await get('/api/admin/tenants', { limit: 1 })).items;
    for (let level = 0; found?.spec.parent && level < MOST_LEVELS; level++) {
      found = await get(`/api/admin/tenants/${found.spec.parent}`);
    }
    return found;
  }

  /** Fetches the next children of a tenant. */
  async unfold(name) {
    const known = this.open.get(name) ?? { items: [], next: undefined };
    const page = await get('/api/admin/tenants', { parent: name, limit: PAGE, cursor: known.next });
    this.open = new Map(this.open).set(name, { items: [...known.items, ...page.items], next: page.nextCursor });
  }

  fold(name) {
    const open = new Map(this.open);
    open.delete(name);
    this.open = open;
  }

  before() {
    return html`<form class="filters" role="search" aria-label="Search tenants" @submit=${this.filter}>
      <label>Name or display name
        <input name="search" type="search" .value=${this.route.query.get('search') ?? ''} autocomplete="off" /></label>
      <button>Search</button>
    </form>`;
  }

  filter(event) {
    event.preventDefault();
    const search = new FormData(event.target).get('search').trim();
    go(search ? `/tenants?${new URLSearchParams({ search })}` : '/tenants');
  }

  content({ root, items, nextCursor }) {
    if (items) return this.found(items, nextCursor);
    if (!root) {
      return empty('No tenant yet. The first one is the root of the tree:', './penstock apply -f quickstart/20-company.yaml');
    }
    return html`<div class="sheet tree"><ul>${this.branch(root)}</ul></div>`;
  }

  found(items, nextCursor) {
    if (items.length === 0) return empty('No tenant has that in its name.');
    const query = new URLSearchParams(this.route.query);
    query.set('cursor', nextCursor);
    return html`<div class="sheet flush">
        ${table({
          caption: 'Tenants that match',
          rows: items,
          columns: [
            { label: 'Tenant', cell: ({ metadata: { name } }) => html`<a href="/tenants/${name}">${name}</a>` },
            { label: 'Display name', cell: ({ spec }) => spec.displayName ?? '–' },
            { label: 'Below', cell: ({ spec }) => spec.parent ?? 'nobody: the root' },
            { label: 'State', cell: ({ spec }) => (spec.suspended ? badge('suspended', 'bad') : badge('active', 'good')) },
          ],
        })}
      </div>
      ${nextCursor ? html`<p><a href="/tenants?${query}">More tenants</a></p>` : nothing}`;
  }

  branch({ metadata: { name }, spec }) {
    const children = this.open.get(name);
    return html`<li>
      <div class="branch">
        <button type="button" class="fold" aria-expanded=${Boolean(children)} aria-label="What is below ${name}"
          @click=${() => (children ? this.fold(name) : this.unfold(name))}>${children ? '−' : '+'}</button>
        <a href="/tenants/${name}">${name}</a>
        <span class="from">${spec.displayName ?? nothing}</span>
        ${spec.suspended ? badge('suspended', 'bad') : nothing}
      </div>
      ${children
        ? html`<ul>
            ${children.items.map((each) => this.branch(each))}
            ${children.items.length === 0 ? html`<li class="from">nothing below it</li>` : nothing}
            ${children.next
              ? html`<li><button type="button" class="quiet" @click=${() => this.unfold(name)}>More below ${name}</button></li>`
              : nothing}
          </ul>`
        : nothing}
    </li>`;
  }
}

customElements.define('penstock-tenants', Tenants);
