#!/usr/bin/env node
import { program } from './program';

program().parseAsync(process.argv);
