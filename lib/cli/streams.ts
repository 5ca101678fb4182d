/** `guitars ls | head`: the reader goes, and what we are in the middle of is finished all the same. */
export function readerMayLeave(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: { code?: string }) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

type Write = typeof process.stdout.write;
/** Standard output, once the application has none. */
let own: Write | undefined;

/**
 * What the application's modules print goes to standard error, by console or by process.stdout: standard output is the
 * command's, and may be JSON.
 */
export function answersAlone(): void {
  own ??= process.stdout.write.bind(process.stdout) as Write;
  process.stdout.write = ((...args: Parameters<Write>) => process.stderr.write(...args)) as Write;
}

/** Writes on standard output. */
export const answer = ((...args: Parameters<Write>) => (own ? own(...args) : process.stdout.write(...args))) as Write;

/** Ends the process once what it said is out; the application may have left timers and connections behind. */
export async function finish(): Promise<never> {
  if (!process.stdout.destroyed) await new Promise<unknown>((resolve) => answer('', resolve));
  if (!process.stderr.destroyed) await new Promise<unknown>((resolve) => process.stderr.write('', resolve));
  process.exit();
}
