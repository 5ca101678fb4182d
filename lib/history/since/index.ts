export { SinceQuery } from './query';
export { Since } from './since';
export type { ReadOptions, SinceClass, SinceCriteria, SinceOptions, SinceStatics, SinceTime } from './types';
