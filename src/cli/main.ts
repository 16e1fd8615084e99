#!/usr/bin/env node
import { runCli } from './program.ts';
import { mindOutput } from './written-output.ts';

mindOutput();
process.exitCode = await runCli(process.argv);
