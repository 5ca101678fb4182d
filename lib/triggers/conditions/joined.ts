/** All of them hold; of none, true. */
export const all = (parts: readonly string[]) => (parts.length === 0 ? 'true' : `(${parts.join(' AND ')})`);

/** One of them holds; of none, false. */
export const any = (parts: readonly string[]) => (parts.length === 0 ? 'false' : `(${parts.join(' OR ')})`);
