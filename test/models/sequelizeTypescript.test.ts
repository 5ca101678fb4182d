import 'reflect-metadata';
import { expect } from 'chai';
import type { HasManyCreateAssociationMixin } from 'sequelize';
import {
  AllowNull,
  BelongsTo,
  Column,
  DataType,
  ForeignKey,
  HasMany,
  Model,
  Scopes,
  Sequelize,
  Table,
} from 'sequelize-typescript';
import { Guitar, install, Setar } from '../../lib';
import { useDatabase } from '../support/database';

@Scopes(() => ({ titled: { where: { title: 'x' } } }))
@Table({ tableName: 'st_article', guitar: { engine: 'trigger' } } as object)
class Article extends Guitar(Model) {
  @AllowNull(false)
  @Column(DataType.TEXT)
  declare title: string;

  @HasMany(() => Comment, { onDelete: 'CASCADE' })
  declare comments: Comment[];

  declare createComment: HasManyCreateAssociationMixin<Comment>;
}

@Table({ tableName: 'st_comment' })
class Comment extends Guitar(Model) {
  @Column(DataType.TEXT)
  declare text: string;

  @ForeignKey(() => Article)
  @Column(DataType.INTEGER)
  declare articleId: number;

  @BelongsTo(() => Article, { onDelete: 'CASCADE' })
  declare article: Article;
}

@Table
class Tag extends Setar(Model) {
  @Column({ type: DataType.TEXT, field: 'the_name' })
  declare name: string;
}

describe('sequelize-typescript', () => {
  const database = useDatabase();
  let sequelize: Sequelize;

  before(async () => {
    sequelize = new Sequelize(database.url, { logging: false });
    sequelize.addModels([Article, Comment, Tag]);
    await sequelize.sync();
    await install(sequelize, { models: [Article, Comment, Tag] });
  });

  after(() => sequelize.close());

  it('the columns are ours', () => {
    expect(Object.keys(Article.getAttributes())).to.have.members([
      'id',
      'title',
      'createdAt',
      'updatedAt',
      'deletedAt',
    ]);
    expect(Article.getAttributes()).to.have.nested.property('deletedAt.field', '_deleted_at');
    expect(Object.keys(Tag.getAttributes())).to.have.members(['id', 'name', 'createdAt', 'updatedAt']);
  });

  it('creates, updates, archives with its children, and restores', async () => {
    const article = await Article.create({ title: 'x' });
    const comment = await article.createComment({ text: 'y' });
    expect(article.createdAt).to.be.instanceOf(Date);
    await article.update({ title: 'z' });
    await article.destroy();
    expect([article.isDeleted, await Article.count(), await Comment.count()]).to.deep.equal([true, 0, 0]);
    expect(await Article.archives.count()).to.equal(1);
    await article.restore();
    const found = await Article.findOne({ include: [Comment], rejectOnEmpty: true });
    expect(found.comments.map(({ id }) => id)).to.deep.equal([comment.id]);
    expect(found.title).to.equal('z');
  });

  it('a raw DELETE archives: enforcement is installed by the engine that @Table names', async () => {
    const { id } = await Article.create({ title: 'raw' });
    await sequelize.query(`DELETE FROM st_article WHERE id = ${id} RETURNING id`);
    expect((await Article.archives.findByPk(id))?.isDeleted).to.equal(true);
  });

  it('scopes of the decorator and ours', async () => {
    await Article.create({ title: 'x' });
    expect(await Article.scope('titled').count()).to.equal(1);
    expect(await Article.scope(['titled', 'archives']).count()).to.equal(0);
  });

  it('a Setar model has names and times', async () => {
    const tag = await Tag.create({ name: 'x' });
    await tag.update({ name: 'y' });
    expect([Tag.modelName(), tag.updatedAt >= tag.createdAt]).to.deep.equal(['tag', true]);
  });
});
