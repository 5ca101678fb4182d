export { presentOf } from './ask';
export { changesOf } from './feed';
export { raiseHorizon } from './horizon';
export { changedSince } from './since';
export type { Change, ChangeStatics, Changes, ChangesOptions, Kept } from './types';
