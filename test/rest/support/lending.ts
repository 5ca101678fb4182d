import { expect } from 'chai';
import express from 'express';
import type { Sequelize } from 'sequelize';
import type { Engine } from '../../../lib';
import { softDeleteRouter } from '../../../lib/rest';
import { emptied } from '../../orm/shop';
import type { TestDatabase } from '../../support/database';
import { useServer } from './client';
import { defineLibrary, type Library } from './library';

// biome-ignore lint/suspicious/noExplicitAny: rows of any attributes
type Any = any;

/** The words of the tags of a row. */
export const words = (row: Any, as = 'tags'): string[] => row[as].map(({ word }: Any) => word);

/** The library behind routers: `/books` of what is live, `/all` with archived tags. Each test has it filled anew. */
export function useLibrary(database: TestDatabase, engine: Engine) {
  const library = {} as Library;
  /** The statements of a test. */
  const sent: string[] = [];
  const log = (logging: unknown) => Object.assign((database.sequelize as Any).options, { logging });
  before(async () => {
    Object.assign(library, defineLibrary(database.sequelize, engine));
    await database.sequelize.sync();
  });
  beforeEach(async () => {
    await emptied(database.sequelize);
    await fillLibrary(database.sequelize, library);
    sent.length = 0;
    log((sql: string) => sent.push(sql));
  });
  afterEach(() => void log(false));
  const fields = ['word'];
  const books = () =>
    softDeleteRouter(library.Book, {
      history: true,
      path: '/books',
      fields: ['title'] as never,
      include: {
        tags: { fields, limit: 2 },
        mainTags: { fields },
        plain: true,
        coded: { fields },
        sequels: { fields: ['title'] },
        places: { fields: ['name'], limit: 2 },
      },
    });
  const all = () => softDeleteRouter(library.Book, { include: { tags: { fields, archived: true } } });
  const { ask } = useServer(() => express().use('/books', books()).use('/all', all()));
  const get = async (path: string) => {
    const { status, body } = await ask('GET', path);
    expect(status, JSON.stringify(body)).equal(200);
    return body;
  };
  return { library, sent, books, ask, get };
}

/** Four tags, of which the first book has all, the second two, and the third none. */
async function fillLibrary(sequelize: Sequelize, { Book, Tag, Link, Coded, Place }: Library): Promise<void> {
  await Book.bulkCreate(['A', 'B', 'C'].map((title, n) => ({ title, code: n < 2 ? `o'${title}\\` : null })));
  await Tag.bulkCreate(['one', 'two', 'three', 'four'].map((word) => ({ word, mark: `#${word}`, secret: 's' })));
  const pairs = [
    [1, 4],
    [1, 3],
    [1, 2],
    [1, 1],
    [1, 1],
    [2, 2],
    [2, 4],
  ];
  await Link.bulkCreate(pairs.map(([bookId, tagId]) => ({ bookId, tagId, kind: tagId === 4 ? 'side' : 'main' })));
  await Coded.bulkCreate(['#two', '#one'].map((tagMark) => ({ bookCode: "o'A\\", tagMark })));
  await sequelize.models['shelf mark']?.bulkCreate([{ bookId: 2, tagId: 3 }]);
  await sequelize.models.sequel?.bulkCreate([1, 2].map((first) => ({ first, next: 3 })));
  await Place.bulkCreate(['b', 'a', 'c'].map((name, n) => ({ row: n === 2 ? 1 : 2, name, code: name.repeat(2) })));
  await sequelize.models.placing?.bulkCreate(['bb', 'aa', 'cc'].map((placeCode) => ({ bookId: 1, placeCode })));
}
