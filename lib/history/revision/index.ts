export { attachRevision } from './attach';
export { currentRevision, type Revision, withRevision } from './revision';
