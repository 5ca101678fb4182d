import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Target } from './targets';

/** What became of the suite on one target. */
export interface Outcome {
  readonly target: string;
  readonly ok: boolean;
  readonly passed?: number;
  readonly failed?: number;
  readonly skipped?: number;
  readonly minutes?: number;
  readonly missing?: string;
}

const ROOT = path.resolve(__dirname, '../../..');

/** Runs the suite, and tells what came of it; what failed is printed. */
export function suite({ name, node, env, missing, files = [] }: Target, extra: readonly string[]): Outcome {
  if (missing) return { target: name, ok: true, missing };
  const report = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'guitars-matrix-')), 'report.json');
  const args = [require.resolve('mocha/bin/mocha.js'), '--reporter', 'json', '--reporter-option', `output=${report}`];
  const started = Date.now();
  const { status } = spawnSync(node, [...args, ...extra, ...files], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const minutes = Math.round((Date.now() - started) / 600) / 100;
  if (!fs.existsSync(report)) return { target: name, ok: false, missing: 'mocha did not come to its end' };
  const { stats, failures } = JSON.parse(fs.readFileSync(report, 'utf8')) as Report;
  fs.rmSync(path.dirname(report), { recursive: true });
  for (const { fullTitle, err } of failures) console.log(`\n✘ ${fullTitle}\n${err.stack ?? err.message}`);
  // Mocha fails for a file without a test, too, and says nothing of it.
  const ok = status === 0 && stats.failures === 0 && stats.passes > 0;
  return { target: name, ok, passed: stats.passes, failed: stats.failures, skipped: stats.pending, minutes };
}

/** What mocha's reporter `json` writes, as far as it is read here. */
interface Report {
  readonly stats: { passes: number; failures: number; pending: number };
  readonly failures: readonly { fullTitle: string; err: { stack?: string; message?: string } }[];
}
