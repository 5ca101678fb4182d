/** A PostgreSQL server that has been reached, before anything of ours is in it. */
export interface Endpoint {
  /** As the administrator, to the maintenance database. */
  url: URL;
  /** The name for the application's role; on a shared server it is this run's alone. */
  role: string;
  /** What the names of databases begin with. */
  prefix: string;
  /** Takes away all that was made on the server, and the server if it is ours. */
  release(): Promise<void>;
}
