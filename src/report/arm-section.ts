import type { EndpointResults } from '../study/results.ts';
import { armReasons } from './arm-reasons.ts';
import { type Html, html } from './html.ts';

/** Part of the report: one sentence for each feature set of the table on where it ended and why. */
export function armSection(endpoint: EndpointResults): Html {
  const reasons = armReasons(endpoint);
  if (reasons.length === 0) return html``;
  return html`<ul class="reasons">${reasons.map(({ chance, sentence }) => html`<li class="${chance}">${sentence}</li>\n`)}</ul>
`;
}
