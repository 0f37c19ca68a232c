#!/usr/bin/env node
/** The supervisor as an entry of its own in the bundle: a program that runs for months loads what it needs and no more. */
import { Command } from 'commander';
import { runProgram } from '../run-program.ts';
import { describeSupervise } from './command.ts';

await runProgram((terminal, finish) =>
  describeSupervise(new Command('bhyvec-supervisor').exitOverride(), terminal, finish),
);
