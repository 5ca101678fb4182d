import type { EventEmitter } from 'node:events';

/** Listens to what PostgreSQL says that it has done, as `COMMIT`. The native driver tells nothing. */
export function commandTags(client: object | undefined): { readonly seen: readonly string[]; stop(): void } {
  const seen: string[] = [];
  const { connection } = (client ?? {}) as { connection?: EventEmitter };
  const hear = ({ text }: { text: string }) => void seen.push(text);
  connection?.on?.('commandComplete', hear);
  return { seen, stop: () => void connection?.off?.('commandComplete', hear) };
}
