import { LitElement, html, nothing } from 'lit';
import { get, signInAddress } from './api.js';
import { badge, problem } from './parts.js';
import { currentRoute, followLinks, go } from './router.js';
import { Session } from './session.js';
import { chooseTheme, theme } from './theme.js';
import './pages/audit.js';
import './pages/budgets.js';
import './pages/guards.js';
import './pages/keys.js';
import './pages/nodes.js';
import './pages/policy.js';
import './pages/request.js';
import './pages/requests.js';
import './pages/spend.js';
import './pages/tenants.js';

const MOST_TENANTS = 1000;

/** What surrounds every page: who is signed in, where one can go, and one page. */
class Console extends LitElement {
  static properties = {
    route: { state: true },
    session: { state: true },
    error: { state: true },
  };

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.route = currentRoute();
    followLinks(() => {
      this.route = currentRoute();
      window.scrollTo(0, 0);
    });
    this.start();
  }

  async start() {
    this.error = undefined;
    try {
      const answer = await get('/api/session');
      const atTenants = answer.tenants.length > 0;
      const tenants = atTenants ? await get('/api/admin/tenants', { limit: MOST_TENANTS }) : { items: [] };
      this.session = new Session(answer, tenants.items);
    } catch (error) {
      this.error = error;
    }
  }

  willUpdate() {
    if (this.session?.hasRole && this.route.page === 'home') {
      go(this.home(), { replace: true });
    }
  }

  home() {
    if (this.session.allows('r', 'nodes')) return '/nodes';
    if (this.session.ofPlatform) return '/tenants';
    return `/tenants/${this.session.held[0].tenant}`;
  }

  render() {
    if (!this.session) return this.error ? this.welcome() : html`<p class="loading" role="status">Loading…</p>`;
    if (!this.session.hasRole || this.route.page === 'organizations') return this.organizations();
    return html`<a class="skip" href="#main" @click=${this.skip}>Skip to the page</a>
      ${this.top()}
      <div class="frame">
        ${this.navigation()}
        <main id="main" tabindex="-1">${this.page()}</main>
      </div>`;
  }

  skip(event) {
    event.preventDefault();
    document.querySelector('#main').focus();
  }

  top() {
    return html`<header class="top">
      <a class="brand" href="/"><img src="/mark.svg" alt="" width="28" height="28" />Penstock</a>
      ${this.switcher()}
      <div class="who">
        <span class="name" title=${this.session.rolesInWords}>${this.session.name}</span>
        ${this.session.organizations.length ? html`<a href="/organizations">Organization</a>` : nothing}
        ${this.themes()}
        <a href="/sign-out">Sign out</a>
      </div>
    </header>`;
  }

  switcher() {
    if (this.session.ofPlatform || this.session.tenants.length < 2) return nothing;
    return html`<label class="switcher"
      ><span>Tenant</span>
      <select @change=${(event) => go(`/tenants/${event.target.value}`)}>
        ${this.session.tenants.map(
          ({ metadata: { name } }) => html`<option ?selected=${name === this.tenant}>${name}</option>`,
        )}
      </select></label
    >`;
  }

  themes() {
    return html`<label class="themes"
      ><span class="unseen">Colours</span>
      <select @change=${(event) => chooseTheme(event.target.value)}>
        ${[
          ['system', 'Colours: system'],
          ['light', 'Light'],
          ['dark', 'Dark'],
        ].map(([value, label]) => html`<option value=${value} ?selected=${value === theme()}>${label}</option>`)}
      </select></label
    >`;
  }

  /** The tenant whose pages are offered: of the address, or the last one, or the first one held. */
  get tenant() {
    if (this.route.tenant) this.lastTenant = this.route.tenant;
    return this.lastTenant ?? this.session.held[0]?.tenant;
  }

  navigation() {
    const { session, tenant } = this;
    const platform = [
      session.allows('r', 'nodes') && ['/nodes', 'Nodes'],
      session.ofPlatform && session.allows('r', 'tenants') && ['/tenants', 'Tenants'],
      session.allows('r', 'requests') && ['/requests', 'All requests'],
      session.allows('r', 'audit-events') && ['/audit', 'Audit events'],
    ].filter(Boolean);
    const own = tenant
      ? [
          session.allows('r', 'effective-policy', tenant) && [`/tenants/${tenant}`, 'Policy'],
          session.allows('r', 'guards', tenant) && [`/tenants/${tenant}/guards`, 'Guards'],
          session.allows('r', 'api-keys', tenant) && [`/tenants/${tenant}/keys`, 'API keys'],
          session.allows('r', 'effective-policy', tenant) && [`/tenants/${tenant}/budgets`, 'Budgets'],
          session.allows('r', 'spend', tenant) && [`/tenants/${tenant}/spend`, 'Spend'],
          session.allows('r', 'requests', tenant) && [`/tenants/${tenant}/requests`, 'Requests'],
          session.allows('r', 'audit-events', tenant) && [`/audit?tenant=${tenant}`, 'Audit events'],
        ].filter(Boolean)
      : [];
    return html`<nav class="side" aria-label="Console">
      ${platform.length ? this.links('Platform', platform) : nothing}
      ${own.length ? this.links(tenant, own) : nothing}
    </nav>`;
  }

  links(title, links) {
    return html`<h2>${title}</h2>
      <ul>
        ${links.map(
          ([href, label]) =>
            html`<li><a href=${href} aria-current=${this.isHere(href) ? 'page' : nothing}>${label}</a></li>`,
        )}
      </ul>`;
  }

  /** Whether a link leads to where one is; filters do not lead away, a tenant does. */
  isHere(href) {
    const [path, query] = href.split('?');
    const tenant = new URLSearchParams(query).get('tenant');
    return path === this.route.path && (path !== '/audit' || tenant === this.route.query.get('tenant'));
  }

  page() {
    const { route, session } = this;
    switch (route.page) {
      case 'policy':
        return html`<penstock-policy .route=${route} .session=${session}></penstock-policy>`;
      case 'spend':
        return html`<penstock-spend .route=${route} .session=${session}></penstock-spend>`;
      case 'guards':
        return html`<penstock-guards .route=${route} .session=${session}></penstock-guards>`;
      case 'keys':
        return html`<penstock-keys .route=${route} .session=${session}></penstock-keys>`;
      case 'budgets':
        return html`<penstock-budgets .route=${route} .session=${session}></penstock-budgets>`;
      case 'requests':
        return html`<penstock-requests .route=${route} .session=${session}></penstock-requests>`;
      case 'request':
        return html`<penstock-request .route=${route} .session=${session}></penstock-request>`;
      case 'nodes':
        return html`<penstock-nodes .route=${route} .session=${session}></penstock-nodes>`;
      case 'tenants':
        return html`<penstock-tenants .route=${route} .session=${session}></penstock-tenants>`;
      case 'audit':
        return html`<penstock-audit .route=${route} .session=${session}></penstock-audit>`;
      default:
        return html`<h1>No such page</h1><p><a href="/">To the beginning</a></p>`;
    }
  }

  /** Nobody is signed in, or nobody can be. */
  welcome() {
    document.title = 'Sign in – Penstock';
    const away = new URLSearchParams(location.search).get('signIn') === 'away';
    const canSignIn = Boolean(this.error.signIn);
    return this.card(html`
      <h1>Penstock console</h1>
      ${away
        ? html`<p class="state" role="alert">The identity provider does not answer, so nobody can sign in now.</p>
            <p>Requests through the gateway go on without it. Try again in a moment; meanwhile the command line works
              with the admin token.</p>`
        : canSignIn
          ? html`<p>Policy, API keys, budgets and requests of your organization, for those who have signed in.</p>`
          : problem(this.error)}
      ${canSignIn ? html`<p><a class="button primary" href=${signInAddress()}>Sign in</a></p>` : nothing}
      ${away || !canSignIn ? this.terminal() : nothing}
    `);
  }

  terminal() {
    return html`<h2>From a terminal</h2>
      <dl class="commands">
        <dt><code>./penstock get tenants</code></dt>
        <dd>reads what is configured</dd>
        <dt><code>./penstock explain REQUEST_ID</code></dt>
        <dd>tells what happened to one request</dd>
      </dl>`;
  }

  /** A token that names several organizations gives a role at none: one has to be chosen. */
  organizations() {
    document.title = 'Organization – Penstock';
    const { name, organizations, hasRole } = this.session;
    return this.card(html`
      <h1>Signed in as ${name}</h1>
      ${organizations.length > 0
        ? html`<p>${organizations.length > 1 ? 'You are a member of several organizations. Choose one:' : 'Your organization:'}</p>
            <ul class="choices">
              ${organizations.map(
                (each) => html`<li><a class="button" href=${signInAddress({ organization: each }, '/')}>${each}</a></li>`,
              )}
            </ul>`
        : nothing}
      ${!hasRole && organizations.length < 2
        ? html`<p>${badge('No role', 'warn')} You have no role at any tenant. An admin of your tenant gives you one:</p>
            <pre tabindex="0" aria-label="Command">./penstock apply -f - &lt;&lt;EOF
apiVersion: penstock.dev/v1
kind: Member
metadata: { tenant: TENANT, name: NAME }
spec: { subject: USER_NAME, roles: [tenant-developer] }
EOF</pre>`
        : nothing}
      <p><a href=${signInAddress({}, '/')}>All my organizations</a> · <a href="/sign-out">Sign out</a></p>
    `);
  }

  card(content) {
    return html`<main class="card"><img src="/mark.svg" alt="" width="48" height="48" />${content}</main>`;
  }
}

customElements.define('penstock-console', Console);
