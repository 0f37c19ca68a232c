#!/usr/bin/env node
/**
 * The program `bhyvec`: runs the command that the arguments name and sets the exit status. This file and what it
 * imports at once are all that `bhyvec --version` loads; every command loads the rest when it is called.
 */
import { buildProgram } from './program.ts';
import { runProgram } from './run-program.ts';

await runProgram(buildProgram);
