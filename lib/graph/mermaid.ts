import type { GraphDescription, GraphKey } from './describe';
import { doesHard, doesSoft, linesOf } from './words';

const ARROWS: Record<GraphKey['soft'], string> = { cascade: '==>', restrict: '--x', keep: '-.->', none: '-.-o' };
const CLASSES: Record<string, string> = { Guitar: 'guitar', Setar: 'setar', Dutar: 'dutar' };

/** The graph as a Mermaid flowchart: from a parent to its children, as a delete goes. */
export function mermaid({ models, keys }: GraphDescription): string {
  const ids = new Map(models.map(({ model }, n) => [model, `m${n}`]));
  return `${[
    'flowchart TD',
    '  %% An arrow goes from a parent to its children. Thick: a soft delete archives them. Crossed: it is refused while',
    '  %% one is live. Dotted: it leaves them alone.',
    ...models.map((model) => {
      const text = [`<b>${quoted(model.model)}</b>`, ...linesOf(model).map(quoted)].join('<br/>');
      const style = CLASSES[model.rung] ?? (model.times.length > 0 ? 'setar' : 'plain');
      return `  ${ids.get(model.model)}["${text}"]:::${style}`;
    }),
    ...keys.map((key) => {
      const text = `${quoted(key.column)}<br/>soft: ${doesSoft(key)}<br/>hard: ${doesHard(key)}`;
      return `  ${ids.get(key.parent)} ${ARROWS[key.soft]}|"${text}"| ${ids.get(key.child)}`;
    }),
    '  classDef guitar stroke:#b45309,stroke-width:2px',
    '  classDef setar stroke:#0f766e,stroke-width:2px',
    '  classDef dutar stroke:#4338ca',
    '  classDef plain stroke:#71717a,stroke-dasharray:4 3',
  ].join('\n')}\n`;
}

/** Everything that Mermaid or HTML would read as more than a letter, by its number. */
function quoted(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} _.,:+-]/gu, (character) => `#${character.codePointAt(0)};`);
}
