import { DataSource, type Repository } from 'typeorm';
import { type Author, type Book, entities, type Fan, type Room } from './entities';

export interface Connection {
  readonly source: DataSource;
  readonly authors: Repository<Author>;
  readonly books: Repository<Book>;
  readonly fans: Repository<Fan>;
  readonly rooms: Repository<Room>;
  /** The same tables, as an application declares them that wants orphans otherwise. */
  of(orphans: 'delete' | 'soft-delete' | 'nullify'): Promise<Repository<Author>>;
  close(): Promise<void>;
}

async function connect(url: string, orphans: 'delete' | 'soft-delete' | 'nullify') {
  const { Author, Book, Fan, Room } = entities(orphans);
  const source = new DataSource({ type: 'postgres', url, poolSize: 2, entities: [Author, Book, Fan, Room] });
  await source.initialize();
  return {
    source,
    authors: source.getRepository(Author),
    books: source.getRepository(Book),
    fans: source.getRepository(Fan),
    rooms: source.getRepository(Room),
  };
}

export async function open(url: string): Promise<Connection> {
  const main = await connect(url, 'nullify');
  const others = new Map<string, Awaited<ReturnType<typeof connect>>>();
  return {
    ...main,
    async of(orphans) {
      const other = others.get(orphans) ?? (await connect(url, orphans));
      others.set(orphans, other);
      return other.authors;
    },
    async close() {
      await Promise.all([main, ...others.values()].map(({ source }) => source.destroy()));
    },
  };
}
