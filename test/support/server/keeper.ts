import { type ChildProcess, fork } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** How a program that the keeper ran has ended. */
export interface Outcome {
  code?: number | null;
  signal?: string | null;
  error?: string;
}

export interface Program {
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
}

/** The parent's end of `keeper.cjs`, which see. */
export class Keeper {
  #last = 0;
  readonly #waiting = new Map<number, (outcome: Outcome) => void>();

  private constructor(
    readonly directory: string,
    private readonly child: ChildProcess,
  ) {
    child.on('message', (message) => {
      const { id, ...outcome } = message as Outcome & { id: number };
      this.#settle(id, outcome);
    });
    child.once('exit', () => {
      for (const id of this.#waiting.keys()) this.#settle(id, { error: 'the process that keeps the server has ended' });
    });
    child.on('error', () => {}); // a message that could not be sent: 'exit' tells
  }

  /** Starts a keeper and with it the scratch directory `directory`. */
  static async open(directory: string): Promise<Keeper> {
    // Neither the loader nor the coverage of the parent is the keeper's business.
    const { NODE_OPTIONS, NODE_V8_COVERAGE, ...env } = process.env;
    const child = fork(path.join(__dirname, 'keeper.cjs'), [directory], {
      cwd: os.tmpdir(),
      env,
      execArgv: [],
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const keeper = new Keeper(directory, child);
    const { error } = await keeper.#outcome(0);
    if (error) throw new Error(`No scratch directory could be made at ${directory}: ${error}. Set TMPDIR elsewhere.`);
    return keeper;
  }

  /** Runs a program after whatever ran before it has ended; its output goes to the log. */
  run(program: Program): Promise<Outcome> {
    this.#last += 1;
    const outcome = this.#outcome(this.#last);
    this.child.send({ id: this.#last, ...program }, () => {});
    return outcome;
  }

  /** What the programs have printed so far. */
  log(): string {
    return fs.readFileSync(path.join(this.directory, 'log'), 'utf8');
  }

  /** Lets the parent end by itself although the keeper still runs. */
  unref(): void {
    this.child.unref();
    this.child.channel?.unref();
  }

  /** Stops what runs, removes the directory, and resolves when both are done. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.ref();
    const exit = new Promise((resolve) => this.child.once('exit', resolve));
    if (this.child.connected) this.child.disconnect();
    await exit;
  }

  #outcome(id: number): Promise<Outcome> {
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  #settle(id: number, outcome: Outcome): void {
    this.#waiting.get(id)?.(outcome);
    this.#waiting.delete(id);
  }
}
