import type { Model } from 'sequelize';
import { segmentOf } from '../../key';
import { type Html, html } from '../html';
import type { Shelf } from '../settings';
import { keyText, nameOf } from '../value';
import { rowPath } from '../visit';
import type { Group, Node } from './grow';

/** A row's name, which leads to its page. */
export const rowLink = (base: string, shelf: Shelf, row: Model): Html =>
  html`<a href="${rowPath(base, shelf, segmentOf(row))}"><bdi>${nameOf(shelf, row)}</bdi></a>`;

/** The rows that went with a row, as nested lists. */
export const treeView = (base: string, groups: readonly Group[]): Html =>
  html`<ul class="tree">${groups.map((group) => groupView(base, group))}</ul>`;

function groupView(base: string, { model, column, total, nodes }: Group): Html {
  const head = html`<span class="group">${model} <span class="count">${total}</span> <span class="by">by <code>${column}</code></span></span>`;
  if (!nodes) return html`<li>${head} <span class="more">counted, not shown here</span></li>`;
  const more = total - nodes.length;
  return html`<li>${head}<ul>${nodes.map((node) => nodeView(base, node))}${
    more > 0 && html`<li class="more">and ${more} more</li>`
  }</ul></li>`;
}

function nodeView(base: string, { shelf, row, again, groups }: Node): Html {
  return html`<li>${rowLink(base, shelf, row)} <span class="key"><bdi>${keyText(row)}</bdi></span>${
    again && html` <span class="more">shown above</span>`
  }${groups.length > 0 && treeView(base, groups)}</li>`;
}
