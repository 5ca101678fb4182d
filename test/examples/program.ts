import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A program that a test has started, in a process group of its own, as a shell gives it. */
export interface Program {
  /** What it answers in its scratch directory: those that it has made there. */
  leftovers(): string[];
  /** Resolves to the match when the output has one; rejects if the program ends before. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends a signal to the group, and resolves when nobody holds its output any more. */
  stop(signal: NodeJS.Signals): Promise<{ code: number | null; output: string; errors: string }>;
  /** For good, if it is still there. */
  discard(): void;
}

/** Starts a program in a folder. */
export function start(command: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Program {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'guitars-example-'));
  fs.chmodSync(scratch, 0o755); // the server may run as another user
  const { NODE_V8_COVERAGE, NODE_OPTIONS, ...rest } = env;
  const [name = '', ...args] = command;
  const child = spawn(name, args, {
    cwd,
    env: { ...rest, TMPDIR: scratch },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const heard = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    heard.output += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    heard.errors += chunk;
  });
  const closed = once(child, 'close');
  return {
    leftovers: () => fs.readdirSync(scratch).filter((each) => each.startsWith('guitars-')),
    said: (pattern) => matched(child, () => pattern.exec(heard.output), heard),
    async stop(signal) {
      process.kill(-(child.pid as number), signal);
      const [code] = (await closed) as [number | null];
      return { code, ...heard };
    },
    discard() {
      if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid as number), 'SIGKILL');
      fs.rmSync(scratch, { recursive: true, force: true });
    },
  };
}

function matched<T>(child: ChildProcess, find: () => T | null, heard: object): Promise<T> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const found = find();
      if (found !== null) resolve(found);
    };
    look();
    child.stdout?.on('data', look);
    child.once('close', () => reject(new Error(`It ended: ${JSON.stringify(heard)}`)));
  });
}
