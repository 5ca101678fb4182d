import {
  type BelongsToGetAssociationMixin,
  type BelongsToSetAssociationMixin,
  type CreationOptional,
  type ForeignKey,
  type HasManyAddAssociationMixin,
  type HasManyCreateAssociationMixin,
  type HasManyGetAssociationsMixin,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type NonAttribute,
} from 'sequelize';
import { Guitar, withoutHooks } from '../../lib';

class Author extends Guitar(Model)<
  InferAttributes<Author, { omit: 'books' }>,
  InferCreationAttributes<Author, { omit: 'books' }>
> {
  declare id: CreationOptional<number>;
  declare name: string;
  declare books?: NonAttribute<Book[]>;
  declare getBooks: HasManyGetAssociationsMixin<Book>;
  declare addBook: HasManyAddAssociationMixin<Book, number>;
  declare createBook: HasManyCreateAssociationMixin<Book, 'authorId'>;
}

class Book extends Guitar(Model)<InferAttributes<Book>, InferCreationAttributes<Book>> {
  declare id: CreationOptional<number>;
  declare title: string;
  declare authorId: ForeignKey<Author['id']>;
  declare author?: NonAttribute<Author>;
  declare getAuthor: BelongsToGetAssociationMixin<Author>;
  declare setAuthor: BelongsToSetAssociationMixin<Author, number>;
}

export async function associations(author: Author) {
  Author.hasMany(Book, { foreignKey: 'authorId', onDelete: 'CASCADE' });
  Book.belongsTo(Author, { foreignKey: 'authorId' });
  const book: Book = await author.createBook({ title: 'x' });
  // @ts-expect-error the title is demanded
  await author.createBook({});
  const books: Book[] = await author.getBooks({ paranoid: false });
  await author.addBook(book);
  await book.setAuthor(author);
  const deleted: boolean | undefined = (await book.getAuthor())?.isDeleted;
  const found = await Author.findOne({ include: [{ model: Book, paranoid: false }], rejectOnEmpty: true });
  const names: string[] | undefined = found.books?.map(({ title }) => title);
  const quiet: Book = await withoutHooks({ hooks: ['beforeUpdate'], models: [Author, Book] }, () =>
    book.update({ title: 'y' }),
  );
  return { books, deleted, names, quiet };
}
