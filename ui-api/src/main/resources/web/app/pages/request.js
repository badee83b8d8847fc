import { html, nothing } from 'lit';
import { get } from '../api.js';
import { count, micros, time, usd } from '../format.js';
import { Page } from '../page.js';
import { badge, table } from '../parts.js';
import { TONES } from './requests.js';

const VERDICTS = { deny: 'bad', denied: 'bad', would_deny: 'warn', fail: 'bad' };

/** The condition of HIPAA mode that was not met, if that was why. */
const hipaa = (decisions) => decisions.map(({ reason }) => /hipaa: (no .*)/.exec(reason)?.[1]).find(Boolean);

/** What a code means, and what would help, for somebody who has only the request. */
const CODES = {
  invalid_api_key: () => 'The key is unknown. Create one, or look whether it was copied whole.',
  key_expired: () => 'The key has expired. Rotate it to get a new one under the same name.',
  key_revoked: () => 'The key was revoked, or its tenant is suspended.',
  model_not_found: ({ modelAsked }) => `There is no model or route with the name ${modelAsked}.`,
  model_not_allowed: ({ modelAsked, decisions }) => hipaa(decisions)
    ? `The tenant is in HIPAA mode, and ${hipaa(decisions)}.`
    : `The policy does not allow the model ${modelAsked}; an admin of the platform can allow it.`,
  residency_denied: ({ nodeRegion }) => `The policy keeps requests in other regions than those of this way through ${nodeRegion}.`,
  tag_required: () => 'A tag is required that neither the request nor its key has.',
  guard_blocked: ({ decisions }) => {
    if (hipaa(decisions)) {
      return `The tenant is in HIPAA mode, and there is ${hipaa(decisions)}.`;
    }
    const found = decisions.find(({ step, reason }) => step === 'screen' && reason.includes(': block'));
    return found ? `A guard did not let the text pass: ${found.reason}.` : 'There was no verdict of the guards, so the answer was no.';
  },
  rate_limit_exceeded: () => 'More requests or tokens than the rate limit allows; they are possible again in a moment.',
  concurrency_limit_exceeded: () => 'More streams at once than the limit allows.',
  budget_exhausted: () => 'A budget has nothing left in this period.',
  budget_unavailable: () => 'The node had no money at hand and could not reach the control plane for more.',
  policy_stale: () => 'The node has not heard of its control plane for too long, and refuses until it does.',
  unknown_price: () => 'The model has no price, and the policy refuses such models.',
  no_deployment_available: () => 'No deployment of the model was able to take the request.',
};

/** Answers that were ended in the middle. */
const CUT = {
  budget_exhausted_mid_stream: 'Cut in the middle of the answer: a budget could not pay for more of it.',
  key_revoked: 'Cut in the middle of the answer: the key was revoked, or its tenant suspended.',
};

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
        <p class="verdict">${badge(record.outcome, TONES[record.outcome])} ${this.sentence(record)}
          ${record.errorCode ? html`<code class="reason">${record.errorCode}</code>` : nothing}</p>
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

  sentence(record) {
    const { outcome: word, errorCode, decisions, provider, providerRegion, model, status } = record;
    if (word === 'denied') {
      const denying = decisions.findLast((each) => each.verdict in VERDICTS) ?? decisions.at(-1);
      return CODES[errorCode]?.(record) ?? (denying ? `Denied at “${denying.step}”: ${denying.reason}` : 'Denied.');
    }
    const by = provider ? ` by ${provider} in ${providerRegion}` : '';
    if (word === 'served') return model ? `${model} was answered${by}.` : 'Answered by the gateway itself.';
    if (word === 'cancelled' && errorCode) return CUT[errorCode] ?? `Cut${by ? ` while it was answered${by}` : ''}.`;
    return word === 'cancelled' ? `The client left${by ? ` while it was answered${by}` : ''}.` : `Failed${by}, status ${status}.`;
  }

  figures(record) {
    const { tokens } = record;
    const facts = [
      ['Arrived', time(record.at)],
      ['Tenant', record.tenant ? html`<a href="/tenants/${record.tenant}">${record.tenantPath.join(' › ')}</a>` : 'unknown'],
      [record.subject ? 'Service account' : 'API key', record.apiKey ?? record.subject ?? '–'],
      ['Model asked for', record.modelAsked ?? '–'],
      ['Cost', usd(record.costNanoUsd)],
      ['Tokens', `${count(tokens.input)} in, ${count(tokens.output)} out`],
      ['First token', micros(record.ttftDeliveredMicros)],
      ['Took', micros(record.durationMicros)],
      ['Usage known from', record.usageSource ?? '–'],
      ['Service tier', record.serviceTier ?? '–'],
      ['Client spoke', [record.dialect, record.transport].filter(Boolean).join(' over ') || '–'],
    ];
    const tags = Object.entries(record.tags);
    return html`<dl class="figures">
      ${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
      ${tags.length
        ? html`<div class="whole"><dt>Tags</dt><dd>${tags.map(([name, value]) => html`<span class="tag">${name}=${value}</span>`)}</dd></div>`
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
      { label: 'Cost', kind: 'number', cell: ({ costNanoUsd }) => (costNanoUsd === '0' ? '–' : usd(costNanoUsd)) },
      { label: 'Charged to', cell: ({ billable, costNanoUsd }) => (billable ? 'tenant' : costNanoUsd === '0' ? 'nobody' : 'platform') },
    ];
  }
}

customElements.define('penstock-request', Request);
