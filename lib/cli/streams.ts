/** `guitars ls | head`: the reader goes, and what we are in the middle of is finished all the same. */
export function readerMayLeave(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: { code?: string }) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** What the application's modules print goes to standard error: standard output is the command's, and may be JSON. */
export function answersAlone(): void {
  for (const name of ['log', 'info', 'debug'] as const) console[name] = console.error;
}

/** Ends the process once what it said is out; the application may have left timers and connections behind. */
export async function finish(): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.destroyed) await new Promise((resolve) => stream.write('', resolve));
  }
  process.exit();
}
