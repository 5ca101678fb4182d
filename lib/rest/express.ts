/** Express, as the application has it: the one place that loads it. */
import express from 'express';

export type { NextFunction, Request, RequestHandler, Response, Router } from 'express';

/** A router in which paths mean what they say: `/Deleted` is not `/deleted`. */
export const newRouter = () => express.Router({ caseSensitive: true });

/** A parser of JSON bodies. */
export const jsonParser = (limit: number | string) =>
  express.json({ limit, strict: false, type: ['application/json', 'application/*+json'] });
