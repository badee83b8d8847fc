/** What is asked for in situations in which it is not the plain question. */
const ASKED = {
  TOOL: 'tools',
  PARALLEL_TOOLS: 'tools',
  BARE_TOOL: 'tools',
  IMAGE: 'image',
  STRUCTURED: 'structured',
  REASONING: 'reasoning',
  UNCARRIED: 'uncarried',
};

/**
 * A question in the words of an SDK.
 *
 * @param words parameters by what is asked for: `plain` always, `tools`, `image`, `structured`,
 *   `reasoning` and `uncarried`, a field of this dialect's own, beside it or in its place
 */
export function inWords({ situation }, words) {
  return { ...words.plain, ...words[ASKED[situation]] };
}

/** The picture of the subject, as a URL that holds it. */
export function imageUrl({ pixel }) {
  return `data:image/png;base64,${pixel}`;
}
