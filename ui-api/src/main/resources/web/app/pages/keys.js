import { html, nothing } from 'lit';
import { call, get, idempotencyKey } from '../api.js';
import { day, time } from '../format.js';
import { Page } from '../page.js';
import { badge, empty, problem, table } from '../parts.js';

const OVERLAPS = [
  ['24h', '24 hours'],
  ['7d', '7 days'],
  ['1h', '1 hour'],
  ['15m', '15 minutes'],
  ['0s', 'not at all: the old key is refused at once'],
];

/** A tenant's API keys, and their lives: made, rotated, revoked. */
class Keys extends Page {
  static properties = { dialog: { state: true }, busy: { state: true }, refused: { state: true } };

  heading() {
    return `API keys of ${this.route.tenant}`;
  }

  lead() {
    return 'A key is how an application proves which tenant it belongs to.';
  }

  get address() {
    return `/api/admin/tenants/${this.route.tenant}/api-keys`;
  }

  allows(letter) {
    return this.session.allows(letter, 'api-keys', this.route.tenant);
  }

  load({ query }) {
    return get(this.address, { limit: 100, cursor: query.get('cursor') });
  }

  actions() {
    return this.allows('w')
      ? html`<button type="button" class="primary" @click=${() => this.open({ kind: 'create' })}>Create key</button>`
      : nothing;
  }

  content({ items, nextCursor }) {
    return html`${items.length === 0
        ? empty(
            'No key yet: no application can call the gateway for this tenant.',
            `./penstock apply -f - <<EOF
apiVersion: penstock.dev/v1
kind: ApiKey
metadata: { tenant: ${this.route.tenant}, name: my-app }
spec: {}
EOF`,
          )
        : html`<div class="sheet flush">
            ${table({ caption: this.heading(), rows: items, columns: this.columns() })}
          </div>`}
      ${nextCursor ? html`<p><a href="?cursor=${nextCursor}">More keys</a></p>` : nothing} ${this.overlay()}`;
  }

  columns() {
    return [
      { label: 'Name', cell: ({ metadata: { name } }) => html`<code>${name}</code>` },
      { label: 'Models', cell: ({ spec }) => (spec.models?.length ? spec.models.join(', ') : 'all that the policy allows') },
      { label: 'Tags', cell: ({ spec }) => this.tags(spec.tags) },
      { label: 'Expires', cell: ({ spec }) => (spec.expiresAt ? time(spec.expiresAt) : 'never') },
      { label: 'Actions', kind: 'actions', cell: ({ metadata: { name } }) => this.buttons(name) },
    ];
  }

  tags(tags = {}) {
    const entries = Object.entries(tags);
    return entries.length ? entries.map(([name, value]) => html`<span class="tag">${name}=${value}</span>`) : '–';
  }

  buttons(name) {
    return html`<button type="button" class="quiet" @click=${() => this.look(name)} aria-label="Details of ${name}">Details</button>
      ${this.allows('w')
        ? html`<button type="button" class="quiet" @click=${() => this.open({ kind: 'rotate', name })} aria-label="Rotate ${name}">
            Rotate
          </button>`
        : nothing}
      ${this.allows('d')
        ? html`<button type="button" class="quiet danger" @click=${() => this.confirm(name)} aria-label="Revoke ${name}">
            Revoke
          </button>`
        : nothing}`;
  }

  /** What the admin API knows of the keys behind a name. */
  async look(name) {
    this.open({ kind: 'details', name });
    await this.attempt(async () => {
      const { keys } = await get(`${this.address}/${name}/keys`);
      this.dialog = { ...this.dialog, keys };
    });
  }

  /** The state that is revoked is the one that was shown: its ETag goes along. */
  async confirm(name) {
    this.open({ kind: 'revoke', name });
    await this.attempt(async () => {
      const { json, etag } = await call(`${this.address}/${name}`);
      const { keys } = await get(`${this.address}/${name}/keys`);
      this.dialog = { ...this.dialog, manifest: json, etag, keys };
    });
  }

  open(dialog) {
    this.refused = undefined;
    this.dialog = { ...dialog, write: idempotencyKey() };
  }

  close() {
    const changed = this.dialog?.changed;
    this.dialog = undefined;
    if (changed) this.refresh();
  }

  async attempt(work) {
    this.busy = true;
    this.refused = undefined;
    try {
      await work();
    } catch (error) {
      this.refused = error;
    } finally {
      this.busy = false;
    }
  }

  updated(changed) {
    super.updated(changed);
    const dialog = this.querySelector('dialog');
    if (dialog && !dialog.open) dialog.showModal();
    // What had the focus goes when one dialog follows the other: its successor gets it.
    else if (dialog && this.shown !== this.dialog.kind) dialog.querySelector('.primary')?.focus();
    this.shown = this.dialog?.kind;
  }

  overlay() {
    if (!this.dialog) return nothing;
    const views = {
      create: () => this.createForm(),
      rotate: () => this.rotateForm(),
      revoke: () => this.revokeForm(),
      details: () => this.details(),
      secret: () => this.secret(),
    };
    return html`<dialog aria-labelledby="dialog-title" @close=${() => this.close()}>
      ${views[this.dialog.kind]()}
    </dialog>`;
  }

  frame(title, content, buttons) {
    return html`<h2 id="dialog-title">${title}</h2>
      ${content} ${problem(this.refused)}
      <div class="buttons">${buttons}
        <button type="button" @click=${() => this.querySelector('dialog').close()}>
          ${this.dialog.changed || this.dialog.kind === 'details' ? 'Close' : 'Cancel'}
        </button>
      </div>`;
  }

  createForm() {
    return html`<form @submit=${this.create}>
      ${this.frame(
        'Create an API key',
        html`<label>Name <input name="name" required pattern="[a-z0-9]([a-z0-9\\-]{0,61}[a-z0-9])?" autocomplete="off"
              aria-describedby="name-hint" autofocus /></label>
          <p class="hint" id="name-hint">Lower-case letters, digits and hyphens: what the application is called.</p>
          <label>Models <input name="models" autocomplete="off" aria-describedby="models-hint" /></label>
          <p class="hint" id="models-hint">Separated by commas; nothing: all that the policy allows.</p>
          <label>Tags <input name="tags" autocomplete="off" aria-describedby="tags-hint" placeholder="app=support" /></label>
          <p class="hint" id="tags-hint">name=value, separated by commas; recorded with every request.</p>
          <label>Expires <input name="expires" type="date" aria-describedby="expires-hint" /></label>
          <p class="hint" id="expires-hint">At the beginning of that day, UTC; nothing: never.</p>`,
        html`<button class="primary" ?disabled=${this.busy}>Create</button>`,
      )}
    </form>`;
  }

  create(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const name = form.get('name').trim();
    const spec = {};
    const models = words(form.get('models'));
    if (models.length) spec.models = models;
    const tags = words(form.get('tags')).map((each) => each.split('='));
    if (tags.length) spec.tags = Object.fromEntries(tags.map(([tag, ...value]) => [tag.trim(), value.join('=').trim()]));
    if (form.get('expires')) spec.expiresAt = `${form.get('expires')}T00:00:00Z`;
    this.attempt(async () => {
      const { json } = await call(this.address, {
        method: 'POST',
        headers: { 'Idempotency-Key': this.dialog.write },
        body: { apiVersion: 'penstock.dev/v1', kind: 'ApiKey', metadata: { tenant: this.route.tenant, name }, spec },
      });
      this.dialog = { kind: 'secret', name, secret: json.key, changed: true };
    });
  }

  rotateForm() {
    const { name } = this.dialog;
    return html`<form @submit=${this.rotate}>
      ${this.frame(
        html`Rotate <code>${name}</code>`,
        html`<p>The name gets a new key. The old one stays good for a while, so that applications can change over.</p>
          <label>The old key stays good for
            <select name="overlap" autofocus>${OVERLAPS.map(([value, label]) => html`<option value=${value}>${label}</option>`)}</select>
          </label>`,
        html`<button class="primary" ?disabled=${this.busy}>Rotate</button>`,
      )}
    </form>`;
  }

  rotate(event) {
    event.preventDefault();
    const { name, write } = this.dialog;
    const overlap = new FormData(event.target).get('overlap');
    this.attempt(async () => {
      const { json } = await call(`${this.address}/${name}/rotate`, {
        method: 'POST',
        parameters: { overlap },
        headers: { 'Idempotency-Key': write },
      });
      this.dialog = { kind: 'secret', name, secret: json.keys[0].key, changed: true };
    });
  }

  /** The only time that anybody sees it: it is stored nowhere. */
  secret() {
    const { name, secret, copied } = this.dialog;
    return this.frame(
      html`The key of <code>${name}</code>`,
      html`<p>${badge('Shown once', 'warn')} Copy it now: nobody can show it again, and it is stored nowhere.</p>
        <p class="secret"><code id="secret">${secret}</code></p>
        <p role="status" class="hint">${copied ?? 'Give it to the application as its OPENAI_API_KEY.'}</p>`,
      html`<button type="button" class="primary" @click=${() => this.copy(secret)} autofocus>Copy</button>`,
    );
  }

  async copy(secret) {
    try {
      await navigator.clipboard.writeText(secret);
      this.dialog = { ...this.dialog, copied: 'Copied.' };
    } catch {
      getSelection().selectAllChildren(this.querySelector('#secret'));
      this.dialog = { ...this.dialog, copied: 'Selected: copy it with your keyboard.' };
    }
  }

  revokeForm() {
    const { name, keys, etag } = this.dialog;
    return html`<form @submit=${this.revoke}>
      ${this.frame(
        html`Revoke <code>${name}</code>?`,
        html`<p>Applications that use it are refused at once, on every connected node; running streams end. This cannot be undone.</p>
          ${keys ? this.lives(keys) : nothing}`,
        html`<button class="primary danger" ?disabled=${this.busy || !etag}>Revoke</button>`,
      )}
    </form>`;
  }

  revoke(event) {
    event.preventDefault();
    const { name, etag } = this.dialog;
    this.attempt(async () => {
      await call(`${this.address}/${name}`, { method: 'DELETE', headers: { 'If-Match': etag } });
      this.dialog = { ...this.dialog, changed: true };
      this.querySelector('dialog').close();
    });
  }

  details() {
    const { name, keys } = this.dialog;
    return this.frame(
      html`Key <code>${name}</code>`,
      keys ? this.lives(keys) : html`<p class="loading" role="status">Loading…</p>`,
      nothing,
    );
  }

  lives(keys) {
    return html`<ul class="lives">
      ${keys.map(
        ({ id, superseded, createdAt, expiresAt, lastUsedAt }) =>
          html`<li>
            <p><code>…${id}…</code> ${superseded ? badge('replaced', 'warn') : badge('current', 'good')}</p>
            <p class="from">
              Made ${day(createdAt)}, ${expiresAt ? `good until ${day(expiresAt)}` : 'does not expire'},
              ${lastUsedAt ? `last used ${day(lastUsedAt)}` : 'never used'}.
            </p>
          </li>`,
      )}
    </ul>`;
  }
}

function words(text) {
  return (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
}

customElements.define('penstock-keys', Keys);
