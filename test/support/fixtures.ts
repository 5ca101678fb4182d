import { stopSharedServer } from './shared-server';

/**
 * Mocha calls this once, after the last test, in the process that it was started as. Where others run the files for it,
 * their servers go away with them. There is no setup: a server starts when the first test needs it.
 */
export const mochaGlobalTeardown = stopSharedServer;
