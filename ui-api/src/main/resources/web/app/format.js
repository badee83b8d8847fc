// Amounts, times and durations as people read them.
import { html } from 'lit';

const NANOS_PER_CENT = 10_000_000n;

/** Nano-USD, a string of digits, in dollars and cents; small amounts with the digits that matter. */
export function usd(nanos, rounding = NANOS_PER_CENT / 2n) {
  const amount = BigInt(nanos ?? 0);
  const sign = amount < 0n ? '−' : '';
  const positive = amount < 0n ? -amount : amount;
  if (positive > 0n && positive < NANOS_PER_CENT) {
    const digits = positive.toString().padStart(9, '0').replace(/0+$/, '');
    return `${sign}$0.${digits}`;
  }
  const cents = (positive + rounding) / NANOS_PER_CENT;
  const whole = (cents / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ',');
  return `${sign}$${whole}.${(cents % 100n).toString().padStart(2, '0')}`;
}

/** Dollars as a manifest states them, a decimal text. */
export function dollars(text) {
  const [whole, rest] = text.split('.');
  return `$${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${rest ? `.${rest}` : ''}`;
}

/** What is left is never said to be more than it is. */
export function usdLeft(nanos) {
  return usd(nanos, 0n);
}

/** A part of a whole in thousandths, exact where numbers are too big for floating point. */
export function perMille(part, whole) {
  const all = BigInt(whole);
  if (all <= 0n) return 0;
  const share = (BigInt(part) * 1000n) / all;
  return Number(share < 0n ? 0n : share > 1000n ? 1000n : share);
}

export function count(number) {
  return number === null || number === undefined ? '–' : Number(number).toLocaleString('en-US');
}

/** Micros with the unit that fits. */
export function micros(value) {
  if (value === null || value === undefined) return '–';
  if (value < 1000) return `${value} µs`;
  if (value < 1_000_000) return `${(value / 1000).toFixed(value < 10_000 ? 1 : 0)} ms`;
  return `${(value / 1_000_000).toFixed(2)} s`;
}

export function millis(value) {
  if (value < 1000) return `${value} ms`;
  if (value < 120_000) return `${(value / 1000).toFixed(1)} s`;
  if (value < 7_200_000) return `${Math.round(value / 60_000)} min`;
  return `${Math.round(value / 3_600_000)} h`;
}

/** A time in UTC, as records and logs have it; the reader's own time in the tooltip. */
export function time(text) {
  if (!text) return '–';
  const at = new Date(text);
  const utc = at.toISOString();
  return html`<time datetime=${utc} title=${at.toLocaleString()}
    >${utc.slice(0, 10)} <span class="clock">${utc.slice(11, 19)}</span></time
  >`;
}

export function day(text) {
  return text ? new Date(text).toISOString().slice(0, 16).replace('T', ' ') + ' UTC' : '–';
}
