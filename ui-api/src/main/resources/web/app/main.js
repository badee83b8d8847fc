import { LitElement, html } from 'lit';
class Shell extends LitElement { createRenderRoot() { return this; } render() { return html`<p>hello</p>`; } }
customElements.define('penstock-console', Shell);
