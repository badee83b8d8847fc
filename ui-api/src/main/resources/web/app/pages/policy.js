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
          ${above.map((name) => html`<a href="/tenants/${name}">${name}</a><span aria-hidden="true">›</span>`)}
          <span>${this.route.tenant}</span>
        </nav>`
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
          ? 'Nobody says otherwise.'
          : html`From
            ${from.map(
              ({ kind, tenant, name }, i) =>
                html`${i > 0 ? ', ' : ''}${kind === 'Tenant'
                  ? html`the tenant ${this.tenant(tenant)}`
                  : html`${kind} <code>${name}</code> of ${this.tenant(tenant)}`}`,
            )}`}
      </p>
    </li>`;
  }

  tenant(name) {
    return name === this.route.tenant ? html`<b>${name}</b>` : html`<a href="/tenants/${name}">${name}</a>`;
  }
}

customElements.define('penstock-policy', Policy);
