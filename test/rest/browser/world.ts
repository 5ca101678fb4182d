import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  type Sequelize,
} from 'sequelize';
import { type Engine, Guitar } from '../../../lib';
import { Versioned } from '../../../lib/history';
import { id } from '../../orm/shop';

/** Artists, their albums (which keep a history), the tracks of these, and reviews, of which the browser knows nothing. */
export function defineMusic(sequelize: Sequelize, engine: Engine = 'rule') {
  class Artist extends Guitar(Model)<InferAttributes<Artist>, InferCreationAttributes<Artist>> {
    declare id: CreationOptional<number>;
    declare name: string;
    declare email: CreationOptional<string | null>;
    declare country: CreationOptional<string | null>;
    declare secret: CreationOptional<string | null>;
  }
  class Album extends Versioned(Guitar(Model))<InferAttributes<Album>, InferCreationAttributes<Album>> {
    declare id: CreationOptional<number>;
    declare title: string;
    declare year: CreationOptional<number | null>;
    declare notes: CreationOptional<string | null>;
    declare secret: CreationOptional<string | null>;
    declare artistId: number | null;
  }
  class Track extends Guitar(Model)<InferAttributes<Track>, InferCreationAttributes<Track>> {
    declare id: CreationOptional<number>;
    declare title: string;
    declare albumId: number | null;
  }
  class Review extends Guitar(Model)<InferAttributes<Review>, InferCreationAttributes<Review>> {
    declare id: CreationOptional<number>;
    declare text: string;
    declare albumId: number | null;
  }
  const guitar = { engine };
  const defaultScope = { attributes: { exclude: ['secret'] } };
  Artist.init(
    {
      id: id(),
      name: DataTypes.TEXT,
      email: { type: DataTypes.TEXT, unique: true, field: 'e_mail' },
      country: DataTypes.STRING,
      secret: DataTypes.TEXT,
    },
    { sequelize, guitar, defaultScope, tableName: 'artist' },
  );
  Album.init(
    {
      id: id(),
      title: DataTypes.TEXT,
      year: DataTypes.INTEGER,
      notes: DataTypes.TEXT,
      secret: DataTypes.TEXT,
      artistId: DataTypes.INTEGER,
    },
    { sequelize, guitar, defaultScope, tableName: 'album', indexes: [{ fields: ['artistId'] }] },
  );
  const child = { id: id(), albumId: DataTypes.INTEGER };
  const indexes = [{ fields: ['albumId'] }];
  Track.init({ ...child, id: id(), title: DataTypes.TEXT }, { sequelize, guitar, tableName: 'track', indexes });
  Review.init({ ...child, id: id(), text: DataTypes.TEXT }, { sequelize, guitar, tableName: 'review', indexes });
  const cascade = (foreignKey: string) => ({ foreignKey, onDelete: 'CASCADE' });
  Artist.hasMany(Album, cascade('artistId'));
  Album.belongsTo(Artist, cascade('artistId'));
  Album.hasMany(Track, cascade('albumId'));
  Track.belongsTo(Album, cascade('albumId'));
  Album.hasMany(Review, cascade('albumId'));
  Review.belongsTo(Album, cascade('albumId'));
  return { Artist, Album, Track, Review };
}

export type Music = ReturnType<typeof defineMusic>;

/** An artist with albums, each with tracks, and a review of the first. */
export async function fill({ Artist, Album, Track, Review }: Music, name = 'Ana Vidović') {
  const artist = await Artist.create({
    name,
    email: `${name.toLowerCase().replaceAll(/\W+/g, '.')}@example.org`,
    country: 'Croatia',
    secret: 'hush-artist',
  });
  const albums = [];
  for (const [title, year] of [
    ['Guitar Artistry', 2006],
    ['Guitar Recital', 2000],
  ] as const) {
    const album = await Album.create({ title, year, artistId: artist.id, secret: 'hush-album' });
    for (const track of ['Cavatina', 'Asturias', 'La Catedral'])
      await Track.create({ title: track, albumId: album.id });
    albums.push(album);
  }
  await Review.create({ text: 'hush-review', albumId: albums[0]?.id as number });
  return { artist, albums };
}
