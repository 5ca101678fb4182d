import pg from 'pg';

/** Runs statements one by one over a connection of their own and returns the last one's rows. */
export async function statements<Row extends pg.QueryResultRow>(url: URL, ...texts: string[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url.href });
  client.on('error', () => {}); // the statement that is under way rejects as well
  await client.connect();
  try {
    let rows: Row[] = [];
    for (const text of texts) rows = (await client.query<Row>(text)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

/** The same server, another database and, if given, another login. */
export function databaseUrl(url: URL, database: string, login?: { name: string; password: string }): URL {
  const result = new URL(url);
  result.pathname = `/${encodeURIComponent(database)}`;
  if (login) {
    result.username = encodeURIComponent(login.name);
    result.password = encodeURIComponent(login.password);
  }
  return result;
}

export const identifier = pg.escapeIdentifier;
export const literal = pg.escapeLiteral;
