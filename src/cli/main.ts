#!/usr/bin/env node
import { keepCompiledCode } from '../runtime/compile-cache.ts';
import { mindOutput } from './written-output.ts';

mindOutput();
keepCompiledCode();
// Imported after that, so that its compiled code is kept.
const { runCli } = await import('./program.ts');
process.exitCode = await runCli(process.argv);
