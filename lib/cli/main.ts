#!/usr/bin/env node
import { program } from './program';
import { finish, readerMayLeave } from './streams';

readerMayLeave();
program()
  .parseAsync(process.argv)
  .finally(() => finish());
