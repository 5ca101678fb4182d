import type { Stage } from '../stage';
import { archiveCountry } from './archive';
import { archiveCity } from './early';
import { hardDelete } from './hardDelete';
import { insertUnderArchived } from './insert';
import { lies } from './lies';
import { loading } from './loading';
import { ormDestroy } from './ormDestroy';
import { plainDelete } from './plainDelete';
import { plainLies } from './plainLies';
import { plainOrphans } from './plainOrphans';
import { plainRestore } from './plainRestore';
import { restoreCountry } from './restore';

/** In this order: each scene finds the tables as the one before it has left them. */
export const SCENES: ((stage: Stage) => Promise<void>)[] = [
  loading,
  archiveCity,
  archiveCountry,
  insertUnderArchived,
  restoreCountry,
  lies,
  ormDestroy,
  hardDelete,
  plainOrphans,
  plainRestore,
  plainLies,
  plainDelete,
];
