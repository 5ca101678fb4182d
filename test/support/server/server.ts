/** A running PostgreSQL server with a role and databases for tests, the demo or the benchmarks. */
export interface PostgresServer {
  readonly host: string;
  readonly port: number;
  /** May create databases and roles. A superuser on the embedded server; with `DATABASE_URL` whoever that names. */
  readonly admin: { user: string; password: string; database: string };
  /** The application's role: owns its databases, and is neither a superuser nor able to create databases or roles. */
  readonly role: { name: string; password: string };
  /** `server_version_num`, e.g. 180004. */
  readonly versionNum: number;
  /** Where to connect to `database`, as the application's role unless told otherwise. */
  url(database: string, as?: 'app' | 'admin'): string;
  /**
   * Creates a database owned by the application's role, with `search_path` set to its schema `app`.
   *
   * @param name one that is free, by default
   * @param template the database to copy, to which nobody may be connected; by default one with an empty schema `app`
   * @returns its name
   */
  createDatabase(name?: string, template?: string): Promise<string>;
  /** Drops a database and ends the sessions in it. */
  dropDatabase(name: string): Promise<void>;
  /** Drops all that was made on the server, and stops and removes the server if it is the embedded one. */
  stop(): Promise<void>;
}
