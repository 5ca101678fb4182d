import { DefinitionError } from '../../../errors';
import { can, type ModelClass } from '../../../models/capabilities';

/** An include, or what a query is made of, as Sequelize has validated it. */
export interface Included {
  readonly model?: ModelClass;
  readonly include?: readonly Included[];
  readonly separate?: boolean;
  attributes?: readonly unknown[];
}

/**
 * Every model that a query reads; those of includes that are queries of their own among them, so that they are refused before
 * anything is read.
 *
 * @throws DefinitionError one of them keeps no history
 */
export function modelsOf(root: ModelClass, options: Included): ModelClass[] {
  const models = [root, ...included(options)];
  const plain = models.find((model) => !can(model, 'versioned'));
  if (!plain) return models;
  throw new DefinitionError(
    `${root.name}.asOf(): ${plain.name} keeps no history, so what it was is not known. Apply Versioned(…) to it (to a through model, too), or leave it out of the include.`,
  );
}

const included = ({ include = [] }: Included): ModelClass[] =>
  include.flatMap((each) => [each.model as ModelClass, ...included(each)]);
