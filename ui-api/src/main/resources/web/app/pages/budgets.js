import { html, nothing, svg } from 'lit';
import { get } from '../api.js';
import { day, dollars, perMille, usd, usdLeft } from '../format.js';
import { Page } from '../page.js';
import { badge, empty } from '../parts.js';

/** What is left of every budget that a tenant's requests are charged to. */
class Budgets extends Page {
  heading() {
    return `Budgets of ${this.route.tenant}`;
  }

  lead() {
    return 'Its requests are charged to every one of these; the smallest remainder decides.';
  }

  load({ tenant }) {
    return get(`/api/tenants/${tenant}/policy`);
  }

  content({ budgets }) {
    if (budgets.length === 0) {
      return empty(
        'No budget limits what this tenant may spend. A platform admin sets one:',
        `./penstock apply -f - <<EOF
apiVersion: penstock.dev/v1
kind: Budget
metadata: { tenant: ${this.route.tenant}, name: month }
spec: { scope: {}, amount: "100.00", window: { every: month }, mode: strict, thresholds: [{ at: 100%, action: cap }] }
EOF`,
      );
    }
    return html`<div class="budgets">${budgets.map((each) => this.budget(each))}</div>`;
  }

  budget({ amount, scope, from, window }) {
    const { tenant, name } = from[0];
    const title = tenant === this.route.tenant ? name : `${tenant} / ${name}`;
    return html`<section class="sheet budget" aria-label=${`Budget ${title}`}>
      <h2>${title} ${tenant === this.route.tenant ? nothing : badge('shared, from above')}</h2>
      <p class="from">${this.scope(scope, tenant)} At most ${dollars(amount)} in one period.</p>
      ${window ? this.window(window) : html`<p>Nothing has been charged to it in this period.</p>`}
    </section>`;
  }

  scope({ apiKey, model }, tenant) {
    const parts = [apiKey && html`the key <code>${apiKey}</code>`, model && html`the model <code>${model}</code>`].filter(Boolean);
    return parts.length
      ? html`Only for ${parts.map((part, i) => html`${i > 0 ? ' and ' : ''}${part}`)}.`
      : html`For everything of ${tenant} and below it.`;
  }

  window({ startsAt, endsAt, limit, spent, leased, left }) {
    const doubt = BigInt(limit) - BigInt(spent) - BigInt(left);
    const free = BigInt(left) - BigInt(leased);
    return html`<p class="big">${usdLeft(left)} <span>left of ${usd(limit)}</span></p>
      ${this.bar({ limit, spent, leased, free })}
      <dl class="figures">
        <div><dt><i class="key spent"></i>Spent</dt><dd>${usd(spent)}</dd></div>
        <div><dt><i class="key leased"></i>With nodes</dt><dd>${usd(leased)}</dd></div>
        <div><dt><i class="key free"></i>Available</dt><dd>${usdLeft(free)}</dd></div>
        ${doubt > 0n ? html`<div><dt>In doubt</dt><dd>${usd(doubt)}</dd></div>` : nothing}
      </dl>
      <p class="from">This period: ${day(startsAt)} to ${day(endsAt)}.</p>`;
  }

  /** Widths are attributes of the picture: nothing here needs a style in the document. */
  bar({ limit, spent, leased, free }) {
    const parts = [
      ['spent', perMille(spent, limit)],
      ['leased', perMille(leased, limit)],
      ['free', perMille(free, limit)],
    ];
    let at = 0;
    const said = `${usd(spent)} spent, ${usd(leased)} with nodes, ${usd(free)} available`;
    return html`<svg class="bar" viewBox="0 0 1000 14" preserveAspectRatio="none" role="img" aria-label=${said}>
      <rect class="ground" x="0" y="0" width="1000" height="14"></rect>
      ${parts.map(([name, width]) => {
        const shown = name !== 'free' && width === 0 ? 0 : width;
        const rect = svg`<rect class=${name} x=${at} y="0" width=${shown} height="14"></rect>`;
        at += shown;
        return rect;
      })}
    </svg>`;
  }
}

customElements.define('penstock-budgets', Budgets);
