/** Express, as the application has it: the one place that loads it. */
import type { NextFunction, Request, RequestHandler, Response, Router } from 'express';
import { DefinitionError } from '../errors';

export type { NextFunction, Request, RequestHandler, Response, Router };

const express = load();

// An optional peer: npm does not install it by itself.
function load(): typeof import('express') {
  try {
    return require('express');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== 'MODULE_NOT_FOUND' || !message.includes("'express'")) throw cause;
    throw new DefinitionError('sequelize-guitars/express needs Express, which is not installed. Run: npm i express', {
      cause,
    });
  }
}

/** A router in which paths mean what they say: `/Deleted` is not `/deleted`. Hooks see what the path that it is mounted at names. */
export const newRouter = (): Router => express.Router({ caseSensitive: true, mergeParams: true });

/** A parser of JSON bodies. */
export const jsonParser = (limit: number | string): RequestHandler =>
  express.json({ limit, strict: false, type: ['application/json', 'application/*+json'] });
