export { HandleError } from './errors';
export { Handled } from './handled';
export { modelOfTag } from './registry';
export { splitHandle } from './split';
export type {
  HandledClass,
  HandledInstance,
  HandledOptions,
  HandledStatics,
  HandleValue,
  SplitHandle,
} from './types';
