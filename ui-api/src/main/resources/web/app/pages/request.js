import { html, nothing } from 'lit';
import { get } from '../api.js';
import { count, micros, time, usd } from '../format.js';
import { Page } from '../page.js';
import { badge, table } from '../parts.js';
import { outcome } from './requests.js';

const VERDICTS = { deny: 'bad', denied: 'bad', would_deny: 'warn', fail: 'bad' };

/** Everything about one request: what was decided, what was tried, where it went. */
class Request extends Page {
  heading() {
    return 'One request';
  }

  lead() {
    return html`<code>${this.route.id}</code>`;
  }

  load({ id }) {
    return get(`/api/admin/requests/${id}`);
  }

  crumbs() {
    const tenant = this.data?.tenant;
    const all = this.session.ofPlatform || !tenant;
    return html`<nav class="crumbs" aria-label="Where this stands">
      <a href=${all ? '/requests' : `/tenants/${tenant}/requests`}>${all ? 'All requests' : `Requests of ${tenant}`}</a>
    </nav>`;
  }

  content(record) {
    return html`<section class="sheet" aria-label="In short">
        <p class="verdict">${outcome(record)} ${this.sentence(record)}</p>
        ${this.figures(record)}
      </section>
      <section class="sheet" aria-label="Residency">
        <h2>Where it went</h2>
        ${this.hops(record)}
      </section>
      <section class="sheet flush" aria-label="Decisions">
        <h2>Decisions</h2>
        ${table({ caption: 'Decisions', rows: record.decisions, columns: this.decisions() })}
      </section>
      <section class="sheet flush" aria-label="Attempts">
        <h2>Attempts</h2>
        ${record.attempts.length === 0
          ? html`<p class="inset">No provider was asked.</p>`
          : table({ caption: 'Attempts', rows: record.attempts, columns: this.attempts() })}
      </section>`;
  }

  sentence({ outcome: word, decisions, provider, providerRegion, model, status }) {
    if (word === 'denied') {
      const denying = decisions.findLast((each) => each.verdict in VERDICTS) ?? decisions.at(-1);
      return denying ? `Denied at “${denying.step}”: ${denying.reason}` : 'Denied.';
    }
    const by = provider ? ` by ${provider} in ${providerRegion}` : '';
    if (word === 'served') return `${model} answered${by}.`;
    return word === 'cancelled' ? `The client left${by ? ` while it was answered${by}` : ''}.` : `Failed${by}, status ${status}.`;
  }

  figures(record) {
    const { tokens } = record;
    const facts = [
      ['Arrived', time(record.at)],
      ['Tenant', record.tenant ? html`<a href="/tenants/${record.tenant}">${record.tenantPath.join(' › ')}</a>` : 'unknown'],
      ['API key', record.apiKey ?? record.subject ?? '–'],
      ['Model asked for', record.modelAsked ?? '–'],
      ['Cost', usd(record.costNanoUsd)],
      ['Tokens', `${count(tokens.input)} in, ${count(tokens.output)} out`],
      ['First token', micros(record.ttftDeliveredMicros)],
      ['Took', micros(record.durationMicros)],
      ['Usage known from', record.usageSource ?? '–'],
      ['Client spoke', [record.dialect, record.transport].filter(Boolean).join(' over ') || '–'],
    ];
    const tags = Object.entries(record.tags);
    return html`<dl class="figures">
      ${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
      ${tags.length
        ? html`<div><dt>Tags</dt><dd>${tags.map(([name, value]) => html`<span class="tag">${name}=${value}</span>`)}</dd></div>`
        : nothing}
    </dl>`;
  }

  /** The node, the credential and the provider, each with the place that makes it lawful or not. */
  hops({ node, nodeRegion, credential, provider, providerRegion, deployment, policyRevision, decisions }) {
    const said = decisions.find((each) => /resid|region/i.test(`${each.step} ${each.reason}`));
    return html`<ol class="hops">
        <li><b>${nodeRegion}</b><span>node <code>${node}</code></span></li>
        ${provider
          ? html`<li>
              <b>${providerRegion}</b>
              <span>provider <code>${provider}</code>, deployment <code>${deployment}</code>
                ${credential ? html`with the credential <code>${credential.name}</code>, version ${credential.version}` : nothing}</span>
            </li>`
          : html`<li><b>nowhere</b><span>no provider was asked</span></li>`}
      </ol>
      <p class="from">Decided under policy revision ${policyRevision}${said ? html`: “${said.reason}” (${said.step})` : nothing}.</p>`;
  }

  decisions() {
    return [
      { label: 'Step', cell: ({ step }) => step },
      { label: 'Verdict', cell: ({ verdict }) => badge(verdict.replaceAll('_', ' '), VERDICTS[verdict] ?? 'good') },
      { label: 'Reason', kind: 'wide', cell: ({ reason }) => reason || '–' },
      { label: 'After', kind: 'number', cell: ({ atMicros }) => micros(atMicros) },
    ];
  }

  attempts() {
    return [
      { label: 'Deployment', cell: ({ deployment }) => deployment },
      { label: 'Status', kind: 'number', cell: ({ status }) => status ?? '–' },
      { label: 'Error', kind: 'wide', cell: ({ error }) => error ?? 'none' },
      { label: 'First token', kind: 'number', cell: ({ firstTokenMicros }) => micros(firstTokenMicros) },
      { label: 'Charged', cell: ({ billable }) => (billable ? 'yes' : 'no') },
    ];
  }
}

customElements.define('penstock-request', Request);
