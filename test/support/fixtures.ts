import { stopSharedServer } from './shared-server';

/** Mocha calls this once, after the last test. There is no setup: the server starts when the first test needs it. */
export const mochaGlobalTeardown = stopSharedServer;
