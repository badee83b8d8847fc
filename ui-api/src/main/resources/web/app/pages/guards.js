import { html, nothing } from 'lit';
import { call, get, idempotencyKey } from '../api.js';
import { count } from '../format.js';
import { Page } from '../page.js';
import { badge, empty, problem, table } from '../parts.js';
import { go } from '../router.js';

const SIDES = [
  ['input', 'Requests'],
  ['output', 'Answers'],
];
const UNSCANNABLE = [
  ['flag', 'go on, and the record says so'],
  ['allow', 'go on'],
  ['refuse', 'are refused'],
];
const TYPES = [
  ['pii', 'Personal data'],
  ['secrets', 'Credentials'],
  ['terms', 'Words and phrases'],
  ['pattern', 'A pattern'],
  ['injection', 'Prompt injection'],
  ['size', 'Too long a text'],
  ['http', 'What an external guard says'],
];
const FAILURES = [
  ['block', 'the request is refused'],
  ['allow', 'the request goes on'],
];

/** Those that can tell what they have found, and not where. */
const WITHOUT_PLACES = ['size', 'http'];
const ACTIONS = [
  ['redact', 'redact: a placeholder takes its place'],
  ['block', 'block: the text is refused'],
  ['flag', 'flag: the record says so'],
];
const ENTITIES = [
  ['email', 'e-mail addresses'],
  ['phone', 'telephone numbers'],
  ['iban', 'IBANs'],
  ['credit-card', 'credit cards'],
  ['us-ssn', 'United States: SSN'],
  ['gb-nino', 'United Kingdom: NINO'],
  ['de-steuer-id', 'Germany: Steuer-ID'],
  ['fr-nir', 'France: NIR'],
  ['es-dni', 'Spain: DNI, NIE'],
  ['it-codice-fiscale', 'Italy: codice fiscale'],
  ['nl-bsn', 'Netherlands: BSN'],
  ['pl-pesel', 'Poland: PESEL'],
  ['br-cpf', 'Brazil: CPF'],
  ['ch-ahv', 'Switzerland: AHV'],
];
const TONES = { block: 'bad', redact: 'good', flag: 'warn', 'would block': 'warn', 'would redact': 'warn' };

/** More rows tell a reader nothing, and a browser takes long for them. */
const MOST_ROWS = 300;

/** What has a place in the form; everything else is told above it. */
const PLACED =
  /^(metadata\.name|spec\.on|spec\.unscannable|spec\.detectors\[\d+\]\.(type|action|entities|terms|pattern|maxCharacters|url|timeout|onFailure|maxConcurrent)|text$|pieceLength$)/;

/**
 * A tenant's guards, and one of them: written, tried and saved. A text that is tried stands in this
 * page's memory and in the body of one call: never in an address, and in nothing that a browser keeps.
 */
class Guards extends Page {
  static properties = {
    draft: { state: true },
    text: { state: true },
    pieceLength: { state: true },
    tried: { state: true },
    busy: { state: true },
    refused: { state: true },
    saved: { state: true },
  };

  heading() {
    const { tenant, name } = this.route;
    return name ? `Guard ${tenant}/${name}` : `Guards of ${tenant}`;
  }

  lead() {
    return 'A guard looks for something in requests or answers. It binds nobody until a policy names it.';
  }

  crumbs() {
    const { tenant, name } = this.route;
    return html`<nav class="crumbs" aria-label="Above">
      <a href="/tenants/${tenant}">Policy of ${tenant}</a>
      ${name ? html`<span aria-hidden="true">›</span><a href="/tenants/${tenant}/guards">Guards</a>` : nothing}
    </nav>`;
  }

  get address() {
    return `/api/admin/tenants/${this.route.tenant}/guards`;
  }

  get mayWrite() {
    return this.session.allows('w', 'guards', this.route.tenant);
  }

  async load({ name }) {
    const { address } = this;
    this.refused = undefined;
    this.tried = undefined;
    if (!name) {
      const { items } = await get(address, { limit: 100 });
      this.draft = fresh();
      return { items };
    }
    const [{ json, etag }, findings] = await Promise.all([
      call(`${address}/${name}`),
      get(`${address}/${name}/findings`).catch((error) => ({ error })),
    ]);
    this.draft = draftOf(json);
    return { etag, findings };
  }

  content({ items, findings }) {
    return html`${items ? this.list(items) : this.found(findings)}
      ${items && !this.mayWrite ? nothing : this.editor(items ? 'A new guard' : 'What it looks for')}
      ${this.mayWrite ? this.trial() : nothing}`;
  }

  list(items) {
    if (items.length === 0) {
      return empty('No guard yet. Those of tenants above bind this one all the same, where a policy names them.');
    }
    const { tenant } = this.route;
    return html`<div class="sheet flush">
      ${table({
        caption: this.heading(),
        rows: items,
        columns: [
          {
            label: 'Name',
            cell: ({ metadata: { name } }) => html`<a href="/tenants/${tenant}/guards/${name}"><code>${name}</code></a>`,
          },
          { label: 'Looks at', cell: ({ spec }) => spec.on.map((side) => labelOf(SIDES, side).toLowerCase()).join(' and ') },
          { label: 'For', cell: ({ spec }) => spec.detectors.map(({ type, action }) => `${type} (${action})`).join(', ') },
        ],
      })}
    </div>`;
  }

  found(findings) {
    const { tenant } = this.route;
    const title = html`<h2>In the last 24 hours</h2>`;
    if (findings.error) return html`<section class="sheet" aria-label="Counts">${title}${problem(findings.error)}</section>`;
    if (findings.items.length === 0) {
      return html`<section class="sheet" aria-label="Counts">
        ${title}
        <p class="from">It found nothing in requests of ${tenant} and of those below it, or no policy names it.</p>
      </section>`;
    }
    return html`<section class="sheet flush" aria-label="Counts">
      ${title}
      ${table({
        caption: 'What it found in the last 24 hours',
        rows: findings.items,
        columns: [
          { label: 'Rule', cell: ({ rule }) => html`<code>${rule}</code>` },
          { label: 'Detector', kind: 'number', cell: ({ detector }) => detector + 1 },
          { label: 'In', cell: ({ side }) => labelOf(SIDES, side).toLowerCase() },
          { label: 'Verdict', cell: ({ verdict }) => badge(verdict, TONES[verdict]) },
          { label: 'Requests', kind: 'number', cell: ({ requests }) => count(requests) },
          { label: 'Finds', kind: 'number', cell: ({ finds }) => count(finds) },
        ],
      })}
      <p class="inset">
        In requests of ${tenant} and of those below it; detectors are numbered as the guard was then.
        ${findings.itemsLeftOut > 0 ? `${count(findings.itemsLeftOut)} further rows are left out.` : nothing}
      </p>
    </section>`;
  }

  editor(title) {
    const { draft, mayWrite } = this;
    const isNew = !this.route.name;
    return html`<form class="sheet editor" aria-label="Guard" @submit=${this.save} @input=${() => (this.saved = undefined)} novalidate>
      <h2>${title}</h2>
      <fieldset class="plain" ?disabled=${!mayWrite}>
        <legend class="unseen">${title}</legend>
        ${isNew
          ? this.input('metadata.name', 'Name', draft.name, (value) => (draft.name = value), {
              hint: 'Lower-case letters, digits and hyphens.',
            })
          : nothing}
        ${this.checks('spec.on', 'Where it looks', SIDES, draft.on, (on) => (draft.on = on))}
        ${this.select('spec.unscannable', 'Images, sounds and files, which it cannot search', UNSCANNABLE, draft.unscannable,
          (value) => (draft.unscannable = value))}
        ${draft.detectors.map((detector, i) => this.detector(detector, i))}
      </fieldset>
      ${mayWrite
        ? html`${this.refusal('save')}
            <div class="buttons">
              <p role="status" class="hint">${this.saved ?? nothing}</p>
              <button type="button" @click=${() => this.change(() => draft.detectors.push(freshDetector()))}>Add detector</button>
              <button class="primary" ?disabled=${this.busy}>${isNew ? 'Create guard' : 'Save guard'}</button>
            </div>`
        : nothing}
    </form>`;
  }

  detector(detector, i) {
    const at = `spec.detectors[${i}]`;
    const actions = WITHOUT_PLACES.includes(detector.type) ? ACTIONS.filter(([value]) => value !== 'redact') : ACTIONS;
    return html`<fieldset class="detector">
      <legend>Detector ${i + 1}</legend>
      <div class="pair">
        ${this.select(`${at}.type`, 'Looks for', TYPES, detector.type, (value) => {
          detector.type = value;
          if (WITHOUT_PLACES.includes(value) && detector.action === 'redact') detector.action = 'flag';
        })}
        ${this.select(`${at}.action`, 'What becomes of it', actions, detector.action, (value) => (detector.action = value))}
      </div>
      ${this.ownFields(detector, at)}
      ${this.draft.detectors.length > 1 && this.mayWrite
        ? html`<button type="button" class="quiet danger" aria-label="Remove detector ${i + 1}"
            @click=${() => this.change(() => this.draft.detectors.splice(i, 1))}>Remove</button>`
        : nothing}
    </fieldset>`;
  }

  ownFields(detector, at) {
    switch (detector.type) {
      case 'pii':
        return this.checks(`${at}.entities`, 'Which', ENTITIES, detector.entities, (value) => (detector.entities = value));
      case 'terms':
        return this.area(`${at}.terms`, 'Words and phrases, one a line', detector.terms, (value) => (detector.terms = value));
      case 'pattern':
        return this.input(`${at}.pattern`, 'Pattern', detector.pattern, (value) => (detector.pattern = value), {
          hint: 'A regular expression in RE2’s syntax, such as ACME-[0-9]{6}.',
        });
      case 'size':
        return this.input(`${at}.maxCharacters`, 'Most characters of a text', detector.maxCharacters,
          (value) => (detector.maxCharacters = value), { type: 'number' });
      case 'http':
        return this.external(detector, at);
      default:
        return nothing;
    }
  }

  external(detector, at) {
    return html`${this.input(`${at}.url`, 'Address', detector.url, (value) => (detector.url = value), {
        hint: 'Texts of requests are sent there. A trial does not ask it.',
      })}
      <div class="pair">
        ${this.input(`${at}.timeout`, 'Time to answer', detector.timeout, (value) => (detector.timeout = value), {
          hint: 'Such as 500ms or 2s.',
        })}
        ${this.select(`${at}.onFailure`, 'Without an answer', FAILURES, detector.onFailure, (value) => (detector.onFailure = value))}
      </div>
      ${this.input(`${at}.maxConcurrent`, 'Most questions at once', detector.maxConcurrent,
        (value) => (detector.maxConcurrent = value), { type: 'number' })}`;
  }

  trial() {
    return html`<section class="sheet editor" aria-label="Try it">
      <h2>Try it</h2>
      <p class="hint">What the guard above would do with a text, saved or not. The text is kept nowhere.</p>
      ${this.area('text', 'Text', this.text ?? '', (value) => (this.text = value))}
      ${this.input('pieceLength', 'Characters of a piece of the stream', this.pieceLength ?? '4',
        (value) => (this.pieceLength = value), { type: 'number', hint: 'Models answer in tokens of some four characters.' })}
      ${this.refusal('try')}
      <div class="buttons">
        <button type="button" ?disabled=${this.busy} @click=${this.try}>Try</button>
      </div>
      <p role="status">${this.tried ? this.summary(this.tried.answer) : nothing}</p>
      ${this.tried ? this.outcome(this.tried) : nothing}
    </section>`;
  }

  summary({ finds, findsLeftOut }) {
    const all = finds.length + findsLeftOut;
    if (all === 0) return 'It finds nothing.';
    return all === 1 ? 'It finds one passage.' : `It finds ${count(all)} passages.`;
  }

  /** Places are in the text that was tried, which may have been changed since. */
  outcome({ text, answer: { on, finds, whole, stream } }) {
    return html`${finds.length ? html`<h3>What it finds</h3>${this.finds(text, finds)}` : nothing}
      <h3>As a request, or as an answer in one piece</h3>
      ${whole.blocked ? this.blocked(whole.blocked) : html`<pre tabindex="0" aria-label="What goes on" class="text" id="whole">${whole.text}</pre>`}
      <h3>As an answer that streams</h3>
      ${on.includes('output')
        ? nothing
        : html`<p>${badge('Not yet', 'warn')} It does not look at answers: with “Answers” above, it would do this.</p>`}
      ${stream.blocked ? this.blocked(stream.blocked) : nothing}
      <p class="hint">At most ${count(stream.mostWaiting)} characters wait.</p>
      ${this.stream(text, stream.pieces)}`;
  }

  blocked({ reason }) {
    return html`<p>${badge('blocked', 'bad')} ${reason}</p>`;
  }

  finds(text, finds) {
    return html`${table({
      caption: 'What it finds',
      rows: finds.slice(0, MOST_ROWS),
      columns: [
        { label: 'Found', cell: ({ start, end }) => html`<code class="text">${text.slice(start, end)}</code>` },
        { label: 'At character', kind: 'number', cell: ({ start }) => count(start + 1) },
        { label: 'Rule', cell: ({ rule }) => html`<code>${rule}</code>` },
        { label: 'Detector', kind: 'number', cell: ({ detector }) => detector + 1 },
        { label: 'Action', cell: ({ action }) => badge(action, TONES[action]) },
      ],
    })}${further(finds, 'finds')}`;
  }

  stream(text, pieces) {
    return html`${table({
      caption: 'What leaves when',
      rows: pieces.slice(0, MOST_ROWS),
      columns: [
        {
          label: 'Comes',
          cell: ({ start, end }) => (start < end ? html`<code class="text">${text.slice(start, end)}</code>` : 'the end'),
        },
        { label: 'Leaves', cell: ({ leaves }) => (leaves ? html`<code class="text">${leaves}</code>` : '–') },
        { label: 'Waits', kind: 'number', cell: ({ waiting }) => count(waiting) },
      ],
    })}${further(pieces, 'pieces')}`;
  }

  // The controls of the form. Each shows what was refused of it.

  /** An object that is shown changes in place, as its fields are typed. */
  change(work) {
    work();
    this.requestUpdate();
  }

  faults(path) {
    const faults = (this.refused?.errors ?? []).filter(
      ({ field }) => field === path || field.startsWith(`${path}[`) || field.startsWith(`${path}.`),
    );
    return faults.length
      ? html`<p class="fault" id=${`${idOf(path)}-fault`}>${faults.map(({ field, detail }) => html`<span>${field === path ? '' : html`<code>${field}</code>: `}${detail}</span>`)}</p>`
      : nothing;
  }

  input(path, label, value, changed, { type = 'text', hint } = {}) {
    const faults = this.faults(path);
    const id = idOf(path);
    return html`<div class="field">
      <label for=${id}>${label}</label>
      <input id=${id} type=${type} autocomplete="off" spellcheck="false" .value=${value}
        aria-invalid=${faults === nothing ? nothing : 'true'} aria-describedby=${described(id, hint, faults)}
        @input=${(event) => this.change(() => changed(event.target.value))} />
      ${hint ? html`<p class="hint" id=${`${id}-hint`}>${hint}</p>` : nothing} ${faults}
    </div>`;
  }

  area(path, label, value, changed) {
    const faults = this.faults(path);
    const id = idOf(path);
    return html`<div class="field">
      <label for=${id}>${label}</label>
      <textarea id=${id} rows="5" autocomplete="off" spellcheck="false" .value=${value}
        aria-invalid=${faults === nothing ? nothing : 'true'} aria-describedby=${described(id, undefined, faults)}
        @input=${(event) => this.change(() => changed(event.target.value))}></textarea>
      ${faults}
    </div>`;
  }

  select(path, label, options, value, changed) {
    const faults = this.faults(path);
    const id = idOf(path);
    return html`<div class="field">
      <label for=${id}>${label}</label>
      <select id=${id} aria-invalid=${faults === nothing ? nothing : 'true'} aria-describedby=${described(id, undefined, faults)}
        @change=${(event) => this.change(() => changed(event.target.value))}>
        ${options.map(([each, words]) => html`<option value=${each} .selected=${each === value}>${words}</option>`)}
      </select>
      ${faults}
    </div>`;
  }

  checks(path, label, options, values, changed) {
    const faults = this.faults(path);
    return html`<fieldset class="checks" aria-describedby=${described(idOf(path), undefined, faults)}>
      <legend>${label}</legend>
      ${options.map(
        ([each, words]) =>
          html`<label class="check"><input type="checkbox" value=${each} .checked=${values.includes(each)}
              @change=${(event) =>
                this.change(() => changed(options.map(([name]) => name).filter((name) =>
                  name === each ? event.target.checked : values.includes(name))))} />${words}</label>`,
      )}
      ${faults}
    </fieldset>`;
  }

  /** What was refused and has no place in the form; where all of it has, that it is there. */
  refusal(what) {
    if (!this.refused || this.refusedOf !== what) return nothing;
    const errors = this.refused.errors ?? [];
    const others = errors.filter(({ field }) => !PLACED.test(field));
    if (errors.length > 0 && others.length === 0) {
      return html`<div class="problem" role="alert"><p class="problem-title">See the fields that are marked.</p></div>`;
    }
    const { title, detail, signIn } = this.refused;
    return problem({ title, detail, signIn, errors: others });
  }

  async attempt(what, work) {
    this.busy = true;
    this.refused = undefined;
    this.saved = undefined;
    try {
      await work();
    } catch (error) {
      this.refusedOf = what;
      this.refused = error;
      await this.updateComplete;
      this.querySelector('[aria-invalid="true"]')?.focus();
    } finally {
      this.busy = false;
    }
  }

  try() {
    const text = this.text ?? '';
    const pieceLength = Number(this.pieceLength ?? 4);
    this.tried = undefined;
    this.attempt('try', async () => {
      const { json } = await call(`${this.address}/try`, {
        method: 'POST',
        body: { spec: specOf(this.draft), text, pieceLength },
      });
      this.tried = { text, answer: json };
    });
  }

  /** What is replaced is the state that was shown: its ETag goes along. */
  save(event) {
    event.preventDefault();
    const { tenant } = this.route;
    const name = this.route.name ?? this.draft.name.trim();
    const body = { apiVersion: 'penstock.dev/v1', kind: 'Guard', metadata: { tenant, name }, spec: specOf(this.draft) };
    this.attempt('save', async () => {
      if (this.route.name) {
        const { etag } = await call(`${this.address}/${name}`, {
          method: 'PUT',
          headers: { 'If-Match': this.data.etag },
          body,
        });
        this.data = { ...this.data, etag };
        this.saved = 'Saved.';
      } else {
        await call(this.address, { method: 'POST', headers: { 'Idempotency-Key': this.draft.write }, body });
        go(`/tenants/${tenant}/guards/${name}`);
      }
    });
  }
}

function fresh() {
  return { name: '', on: ['input'], unscannable: 'flag', detectors: [freshDetector()], write: idempotencyKey() };
}

function freshDetector() {
  return {
    type: 'pii',
    action: 'redact',
    entities: ['email'],
    terms: '',
    pattern: '',
    maxCharacters: '',
    url: '',
    timeout: '2s',
    onFailure: 'block',
    maxConcurrent: '16',
  };
}

function draftOf({ spec }) {
  return {
    ...fresh(),
    on: spec.on,
    unscannable: spec.unscannable,
    detectors: spec.detectors.map(({ terms, maxCharacters, maxConcurrent, ...stated }) => ({
      ...freshDetector(),
      entities: [],
      ...stated,
      terms: (terms ?? []).join('\n'),
      maxCharacters: String(maxCharacters ?? ''),
      maxConcurrent: String(maxConcurrent ?? '16'),
    })),
  };
}

function specOf({ on, unscannable, detectors }) {
  return { on, unscannable, detectors: detectors.map(detectorOf) };
}

/** With the fields of its type alone: any other one would be refused. */
function detectorOf({ type, action, entities, terms, pattern, maxCharacters, url, timeout, onFailure, maxConcurrent }) {
  const own = {
    pii: { entities },
    terms: { terms: terms.split('\n').map((each) => each.trim()).filter(Boolean) },
    pattern: { pattern },
    size: { maxCharacters: Number(maxCharacters) },
    http: { url, timeout, onFailure, maxConcurrent: Number(maxConcurrent) },
  };
  return { type, action, ...own[type] };
}

function labelOf(options, value) {
  return options.find(([each]) => each === value)?.[1] ?? value;
}

function idOf(path) {
  return path.replace(/[^A-Za-z0-9]+/g, '-').replace(/-$/, '');
}

function described(id, hint, faults) {
  const ids = [hint ? `${id}-hint` : '', faults === nothing ? '' : `${id}-fault`].filter(Boolean);
  return ids.length ? ids.join(' ') : nothing;
}

function further(all, what) {
  return all.length > MOST_ROWS ? html`<p class="hint">${count(all.length - MOST_ROWS)} further ${what} are not shown.</p>` : nothing;
}

customElements.define('penstock-guards', Guards);
