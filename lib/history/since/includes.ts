import { DefinitionError } from '../../errors';
import type { ModelClass } from '../../models/capabilities';
import { inside } from '../../models/internals';

interface Association {
  as: string;
  target: unknown;
  isMultiAssociation?: boolean;
}

interface Include {
  association?: Association;
  model?: unknown;
  as?: string;
  separate?: boolean;
}

/**
 * A page has so many rows; joined to their children, they would be more.
 *
 * @throws DefinitionError the scope of the model joins rows to their children
 */
export function refuseJoined(model: ModelClass): void {
  const { include = [] } = inside(model)._scope as { include?: Include | Include[] };
  const known = Object.values(inside(model).associations) as unknown as Association[];
  const joined = [include].flat().find((each) => {
    const meant = (other: Association) => (each.as ? other.as === each.as : other.target === each.model);
    return !each.separate && (each.association ?? known.find(meant))?.isMultiAssociation;
  });
  if (!joined) return;
  const as = joined.as ?? joined.association?.as ?? '…';
  throw new DefinitionError(
    `${model.name}.since(…) with a limit or in pages cannot join rows to "${as}", as the scope says. ` +
      `Write { association: '${as}', separate: true } there, or await it without a limit.`,
  );
}
