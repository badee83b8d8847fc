import { LitElement, html, nothing } from 'lit';
import { problem } from './parts.js';

/**
 * One page: a heading that gets the focus when somebody comes to it, data that is loaded once for
 * an address, and what is shown while it is not there. In the light DOM: one style sheet, and
 * labels that reach across parts.
 */
export class Page extends LitElement {
  static properties = {
    route: { attribute: false },
    session: { attribute: false },
    data: { state: true },
    error: { state: true },
    asOf: { state: true },
  };

  createRenderRoot() {
    return this;
  }

  willUpdate(changed) {
    if (changed.has('route')) this.refresh();
  }

  /** Loads anew what the page shows. What comes late for an address that was left is dropped. */
  async refresh() {
    const asked = this.route;
    this.error = undefined;
    if (this.loadedFor !== asked.path) this.data = undefined;
    try {
      const data = await this.load(asked);
      if (asked === this.route) {
        this.loadedFor = asked.path;
        this.data = data;
        this.asOf = new Date();
      }
    } catch (error) {
      if (asked === this.route) this.error = error;
    }
  }

  updated(changed) {
    if (changed.has('route') && changed.get('route')?.path !== this.route.path) {
      this.querySelector('h1')?.focus();
    }
    document.title = `${this.heading()} – Penstock`;
  }

  render() {
    return html`<header class="page-head">
        <div>
          ${this.crumbs?.() ?? nothing}
          <h1 tabindex="-1">${this.heading()}</h1>
          <p class="lead">${this.lead?.() ?? nothing}</p>
        </div>
        <div class="page-actions">${this.actions?.() ?? nothing}
          <button type="button" class="quiet" @click=${() => this.refresh()}
            title=${this.asOf ? `As of ${this.asOf.toLocaleTimeString()}` : 'Load again'}>Refresh</button>
        </div>
      </header>
      ${this.before?.() ?? nothing} ${problem(this.error)}
      ${this.data
        ? this.content(this.data)
        : this.error
          ? nothing
          : html`<p class="loading" role="status">Loading…</p>`}`;
  }
}
