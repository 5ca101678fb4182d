import { DefinitionError } from '../../errors';
import { pastOf } from '../history/past';
import type { Settings } from '../settings';
import { createSchema, pastRowSchema, replaceSchema, rowSchema, updateSchema } from './schemas/model';
import { pageSchema } from './schemas/page';
import { DIFF, ROLL_BACK, revertFieldsSchema, UNDO, versionSchema } from './schemas/version';
import type { Schema } from './types';

/** The schemas of a model: those of what stands under `Article`, `ArticlePage` and so on. */
export type SchemaKind =
  | ''
  | 'Page'
  | 'Create'
  | 'Replace'
  | 'Update'
  | 'Past'
  | 'PastPage'
  | 'Version'
  | 'VersionPage'
  | 'Diff'
  | 'RevertFields'
  | 'RollBack'
  | 'Undo';

type Ref = (kind: SchemaKind) => Schema;

const MADE: Readonly<Record<SchemaKind, (settings: Settings, ref: Ref) => Schema>> = {
  '': (settings) => rowSchema(settings),
  Page: (_settings, ref) => pageSchema(ref(''), true),
  Create: createSchema,
  Replace: replaceSchema,
  Update: updateSchema,
  Past: (settings) => pastRowSchema(pastOf(settings)),
  PastPage: (_settings, ref) => pageSchema(ref('Past'), true),
  Version: versionSchema,
  VersionPage: (_settings, ref) => pageSchema(ref('Version'), false),
  Diff: () => DIFF,
  RevertFields: revertFieldsSchema,
  RollBack: () => ROLL_BACK,
  Undo: () => UNDO,
};

/** The schemas of a document: those that something refers to. */
export class Components {
  readonly schemas: Record<string, Schema> = {};
  readonly #owners = new Map<string, Settings>();

  /** A reference to a schema of a model's, which goes by `name`. */
  of(settings: Settings, name: string): Ref {
    const ref: Ref = (kind) => {
      const full = `${name}${kind}`;
      const owner = this.#owners.get(full);
      if (full === 'Problem' || (owner && owner !== settings)) {
        throw new DefinitionError(
          `openApiDocument(): two schemas would be named "${full}". Give one of the routers another name: { router, name: 'Other' }.`,
        );
      }
      if (!owner) {
        this.#owners.set(full, settings);
        this.schemas[full] = MADE[kind](settings, ref);
      }
      return { $ref: `#/components/schemas/${full}` };
    };
    return ref;
  }
}
