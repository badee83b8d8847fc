// What all pages are made of.
import { html, nothing } from 'lit';
import { signInAddress } from './api.js';

/** A text in which names stand between backticks. */
export function ticks(text) {
  return text.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part));
}

/**
 * A table that becomes a list of cards where it is narrow. The roles say what it is there, too:
 * a browser forgets that of what is not laid out as a table. Where it is wider than its place it can
 * be scrolled with the keyboard, too.
 */
export function table({ caption, columns, rows }) {
  const shown = columns.filter(Boolean);
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${caption}>
    <table role="table" aria-label=${caption}>
    <thead role="rowgroup">
      <tr role="row">
        ${shown.map(
          (column) =>
            html`<th role="columnheader" scope="col" class=${column.kind ?? ''}>${column.label}</th>`,
        )}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        (row) =>
          html`<tr role="row">
            ${shown.map((column, i) =>
              i === 0
                ? html`<th role="rowheader" scope="row" class=${column.kind ?? ''}>${column.cell(row)}</th>`
                : html`<td role="cell" class=${column.kind ?? ''} data-label=${column.label}>
                    <span>${column.cell(row)}</span>
                  </td>`,
            )}
          </tr>`,
      )}
    </tbody>
    </table>
  </div>`;
}

/** A word with a colour; the word says it all. */
export function badge(word, tone = 'plain') {
  return html`<span class="badge ${tone}">${word}</span>`;
}

/** Nothing there yet: what to do next. */
export function empty(text, command) {
  return html`<div class="empty">
    <p>${text}</p>
    ${command ? html`<pre tabindex="0" aria-label="Command">${command}</pre>` : nothing}
  </div>`;
}

/** What was refused, with the field and the remedy as the admin API named them. */
export function problem(error) {
  if (!error) return nothing;
  const fields = (error.errors ?? []).filter((each) => each.field);
  return html`<div class="problem" role="alert">
    <p class="problem-title">${error.title ?? 'It did not work'}</p>
    ${fields.length === 0
      ? html`<p>${error.detail ?? error.message}</p>`
      : html`<ul>
          ${fields.map((each) => html`<li><code>${each.field}</code>: ${each.detail}</li>`)}
        </ul>`}
    ${error.signIn ? html`<p><a class="button" href=${signInAddress(error.signIn)}>Sign in</a></p>` : nothing}
  </div>`;
}

/** Filters take a screen of their own where it is narrow: there they are shown when asked for. */
export function folded(query, form) {
  const open = [...query.keys()].length > 0 || matchMedia('(min-width: 44rem)').matches;
  return html`<details class="fold-filters" ?open=${open}><summary>Filter</summary>${form}</details>`;
}

/** The way to the next page of a list, and back to its beginning; `show` is given the query of either. */
export function pager(query, next, show) {
  const first = !query.has('cursor');
  if (first && !next) return nothing;
  const older = new URLSearchParams(query);
  if (next) older.set('cursor', next);
  const newest = new URLSearchParams(query);
  newest.delete('cursor');
  return html`<nav class="pager" aria-label="Pages of this list">
    <button type="button" ?disabled=${first} @click=${() => show(newest)}>Newest</button>
    <button type="button" ?disabled=${!next} @click=${() => show(older)}>Older</button>
  </nav>`;
}
