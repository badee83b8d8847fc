import { html, nothing } from 'lit';
import { get } from '../api.js';
import { Page } from '../page.js';
import { badge, ticks } from '../parts.js';

/** What a tenant's requests may do, in sentences, and who says so. */
class Policy extends Page {
  heading() {
    return `What binds ${this.route.tenant}`;
  }

  lead() {
    return 'Everything that is enforced for its requests, its own rules and those from above.';
  }

  load({ tenant }) {
    return get(`/api/tenants/${tenant}/policy`);
  }

  crumbs() {
    const above = (this.data?.path ?? []).slice(0, -1);
    return above.length
      ? html`<nav class="crumbs" aria-label="Tenants above">
          ${above.map((name) => html`<span>${this.tenant(name)}</span><span aria-hidden="true">›</span>`)}
          <span>${this.route.tenant}</span>
        </nav>`
      : nothing;
  }

  actions() {
    const { tenant } = this.route;
    return this.session.allows('r', 'guards', tenant)
      ? html`<a class="button" href="/tenants/${tenant}/guards">Guards</a>`
      : nothing;
  }

  content({ sentences }) {
    const topics = [...new Set(sentences.map((each) => each.topic))];
    return html`<div class="sheet rules">
      ${topics.map(
        (topic) =>
          html`<section aria-label=${topic}>
            <h2>${topic}</h2>
            <ul>
              ${sentences.filter((each) => each.topic === topic).map((each) => this.sentence(each))}
            </ul>
          </section>`,
      )}
    </div>`;
  }

  sentence({ text, force, from }) {
    return html`<li>
      <p>${ticks(text)} ${force === 'OBSERVED' ? badge('only observed', 'warn') : nothing}</p>
      <p class="from">
        ${from.length === 0
          ? 'By default: nobody says otherwise.'
          : html`From ${from.map((source, i) => html`${i > 0 ? ' and ' : ''}${this.source(source)}`)}.`}
      </p>
    </li>`;
  }

  /** A tenant has one policy, so it needs no name. */
  source({ kind, tenant, name }) {
    if (kind === 'Tenant') return html`the tenant ${this.tenant(tenant)}`;
    const what = kind.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
    return kind === 'Policy'
      ? html`the policy of ${this.tenant(tenant)}`
      : html`the ${what} <code>${name}</code> of ${this.tenant(tenant)}`;
  }

  /** Who stands above somebody is known, even where nothing of it may be seen. */
  tenant(name) {
    if (name === this.route.tenant) return html`<b>${name}</b>`;
    return this.session.sees(name) ? html`<a href="/tenants/${name}">${name}</a>` : name;
  }
}

customElements.define('penstock-policy', Policy);
