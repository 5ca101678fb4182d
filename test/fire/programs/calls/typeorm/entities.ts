import { EntitySchema, type EntitySchemaRelationOptions } from 'typeorm';

export interface Author {
  id: number;
  email: string | null;
  name: string | null;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
  books: Book[];
  fans: Fan[];
}
export interface Book {
  id: number;
  name: string | null;
  author: Author | null;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}
export interface Fan {
  id: number;
  name: string | null;
  author: Author | null;
  deletedAt: Date | null;
}
export interface Room {
  id: number;
  name: string | null;
}

const id = { type: Number, primary: true, generated: true } as const;
const text = { type: String, nullable: true } as const;
const times = {
  createdAt: { type: 'timestamptz', name: '_created_at', createDate: true },
  updatedAt: { type: 'timestamptz', name: '_updated_at', updateDate: true },
  deletedAt: { type: 'timestamptz', name: '_deleted_at', deleteDate: true, nullable: true },
} as const;
const author: EntitySchemaRelationOptions = {
  type: 'many-to-one',
  target: 'author',
  joinColumn: { name: 'author_id' },
};

/** The entities of the tables, with the columns of the library as TypeORM's own kinds. */
export function entities(orphanedRowAction: 'delete' | 'soft-delete' | 'nullify') {
  const BookEntity = new EntitySchema<Book>({
    name: 'book',
    columns: { id, name: text, ...times },
    relations: { author: { ...author, inverseSide: 'books', orphanedRowAction } },
  });
  const FanEntity = new EntitySchema<Fan>({
    name: 'fan',
    columns: { id, name: text, deletedAt: times.deletedAt },
    relations: { author: { ...author, inverseSide: 'fans', orphanedRowAction } },
  });
  const AuthorEntity = new EntitySchema<Author>({
    name: 'author',
    columns: { id, email: { ...text, unique: true }, name: text, ...times },
    relations: {
      books: { type: 'one-to-many', target: 'book', inverseSide: 'author', cascade: true },
      fans: { type: 'one-to-many', target: 'fan', inverseSide: 'author', cascade: true },
    },
  });
  const RoomEntity = new EntitySchema<Room>({ name: 'room', columns: { id, name: text } });
  return { Author: AuthorEntity, Book: BookEntity, Fan: FanEntity, Room: RoomEntity };
}
