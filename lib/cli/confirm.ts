import { createInterface } from 'node:readline/promises';
import { GuitarsError } from '../errors';
import { note } from './output';

/**
 * Asks before something that takes protection or data away.
 *
 * @throws GuitarsError there is nobody to ask: no terminal, and no --yes
 */
export async function confirmed(question: string, yes: boolean | undefined): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new GuitarsError(`${question} There is no terminal to ask on. Nothing was changed; give --yes.`);
  }
  // On standard error: standard output may be a file.
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `).finally(() => terminal.close());
  if (/^y(es)?$/i.test(answer.trim())) return true;
  note('Nothing was changed.');
  return false;
}
