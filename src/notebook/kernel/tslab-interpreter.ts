import { createRequire } from 'node:module';
import { resolveNacre, type TypeScriptSystem } from '../resolve-nacre.ts';
import { type Parser, writeOutShorthand } from '../shorthand-properties.ts';
import {
  type FaultContent,
  faultOf,
  interruptedFault,
  type TypeComplaint,
  typeFault,
} from './cell-fault.ts';
import { CellPositions } from './cell-positions.ts';
import { type Completeness, type CompletenessParser, completeness } from './is-complete.ts';
import { oneTimer } from './one-timer.ts';

/** Result of a cell: it has a value if the cell ends with an expression. */
export type CellOutcome =
  | { status: 'ok'; value?: { value: unknown } | undefined }
  | { status: 'error'; fault: FaultContent };

export interface Completions {
  matches: string[];
  /** Part of the code that a match replaces, in UTF-16 units. */
  start: number;
  end: number;
  /** TypeScript's kind of each match: `method`, `const`, `module` … */
  kinds: string[];
}

/** The parts of tslab 1.0.22 that are used here. Upstream no longer changes it, so internal parts can be used. */
interface TslabConverter {
  close(): void;
}
interface TslabExecutor {
  execute(code: string): Promise<boolean>;
  inspect(code: string, position: number): object | undefined;
  complete(
    code: string,
    position: number,
  ): {
    start: number;
    end: number;
    candidates: string[];
    original?: { entries: { name: string; kind: string }[] };
  };
  interrupt(): void;
}
interface TypeScript extends CompletenessParser {
  sys: TypeScriptSystem;
  createWatchCompilerHost(files: string[], options: object, ...rest: unknown[]): object;
  transpileModule(
    code: string,
    options: { fileName?: string; compilerOptions: object },
  ): { outputText: string; sourceMapText?: string };
}
interface Vm {
  runInThisContext(code: string, options?: object): unknown;
}

const require = createRequire(import.meta.url);

/** Runs TypeScript cells: tslab's converter and executor, with source positions, clean results and interrupts. */
export class TslabInterpreter {
  readonly #typescript: TypeScript;
  readonly #converter: TslabConverter;
  readonly #executor: TslabExecutor;
  readonly #describe: (info: object) => string;
  readonly #positions = new CellPositions();
  /** Source maps of the last translated cell, last translation first. */
  #maps: string[] = [];
  #value: { value: unknown } | undefined;
  #thrown: { reason: unknown } | undefined;
  #complaints: TypeComplaint[] = [];
  #interrupted = false;
  #restoreVm: () => void = () => {};
  readonly #onCompiler: (works: boolean) => void;

  /**
   * @param home folder of nacre's package.json
   * @param folder that of the notebook
   * @param onCompiler called when the compiler begins (true) and ends (false) to work
   */
  constructor(home: string, folder: string, onCompiler: (works: boolean) => void = () => {}) {
    this.#onCompiler = onCompiler;
    onCompiler(true);
    const main = require.resolve('tslab/dist/main.js');
    const ofTslab = createRequire(main);
    this.#typescript = this.#keepSourceMaps(ofTslab.resolve('@tslab/typescript-for-tslab'));
    resolveNacre(this.#typescript.sys, home, folder);
    const { createConverter } = ofTslab('./converter.js') as {
      createConverter(options: object): TslabConverter;
    };
    const { createExecutor } = ofTslab('./executor.js') as {
      createExecutor(folder: string, converters: object, console: object): TslabExecutor;
    };
    this.#describe = (
      ofTslab('./inspect.js') as { printQuickInfo(info: object): string }
    ).printQuickInfo;
    this.#converter = createConverter({ isJS: false, isBrowser: false });
    const converters = {
      node: this.#converter,
      get browser() {
        throw new Error('cells for browsers are not supported here');
      },
      close: () => this.#converter.close(),
    };
    this.#executor = createExecutor(folder, converters, {
      log: (value: unknown) => {
        this.#value = { value: withoutVariable(value) };
      },
      error: (...what: unknown[]) => this.#note(what),
    });
    onCompiler(false);
  }

  /** Where in the cells a stack lies. */
  faultOf(reason: unknown): FaultContent {
    return faultOf(reason, this.#positions);
  }

  /**
   * Runs a cell.
   *
   * @param cell its number, shown in the places of errors
   */
  async run(code: string, cell: number): Promise<CellOutcome> {
    this.#value = undefined;
    this.#thrown = undefined;
    this.#complaints = [];
    this.#interrupted = false;
    this.#maps = [];
    const source = writeOutShorthand(code, this.#typescript as unknown as Parser);
    this.#nameScript(cell, code);
    let running: Promise<boolean>;
    try {
      this.#onCompiler(true);
      // Translates and starts the cell before it returns.
      running = this.#executor.execute(source);
    } finally {
      this.#onCompiler(false);
      this.#restoreVm();
    }
    await running;
    if (this.#complaints.length > 0)
      return { status: 'error', fault: typeFault(this.#complaints, code) };
    const thrown = this.#thrown as { reason: unknown } | undefined;
    if (this.#interrupted || isSigint(thrown?.reason)) {
      return { status: 'error', fault: interruptedFault };
    }
    if (thrown !== undefined) {
      return { status: 'error', fault: faultOf(thrown.reason, this.#positions) };
    }
    return { status: 'ok', value: this.#value };
  }

  /** Stops waiting for the running cell; its pending work continues in the background. */
  interrupt(): void {
    this.#interrupted = true;
    this.#executor.interrupt();
  }

  /** Cleans up after code that was ended from outside. */
  terminated(): void {
    this.#restoreVm();
  }

  complete(code: string, position: number): Completions {
    const { start, end, candidates, original } = this.#executor.complete(code, position);
    const typed = code.slice(start, position);
    const exact = candidates.filter((name) => name.startsWith(typed));
    const lower = typed.toLowerCase();
    const matches =
      exact.length > 0 ? exact : candidates.filter((name) => name.toLowerCase().startsWith(lower));
    const kinds = new Map(original?.entries.map(({ name, kind }) => [name, kind]));
    return { matches, start, end, kinds: matches.map((name) => kinds.get(name) ?? '') };
  }

  /** Type and documentation of the name at a position; undefined where there is none. */
  inspect(code: string, position: number): string | undefined {
    const info = this.#executor.inspect(code, position);
    // A cursor directly after a name still refers to it.
    const found = info ?? (position > 0 ? this.#executor.inspect(code, position - 1) : undefined);
    return found === undefined ? undefined : this.#describe(found);
  }

  isComplete(code: string): Completeness {
    return completeness(code, this.#typescript);
  }

  close(): void {
    this.#converter.close();
  }

  #note(what: unknown[]): void {
    if (what.length === 1) {
      this.#thrown = { reason: what[0] };
      return;
    }
    // "%s%d:%d - %s" with file, line, column and message: TypeScript refused the cell.
    const [, file, line, column, message] = what;
    this.#complaints.push({
      file: String(file),
      line: Number(line),
      column: Number(column),
      message: String(message),
    });
  }

  /**
   * tslab translates a cell twice and keeps no map of either. It gets a compiler that keeps both maps.
   *
   * @param path of the compiler that tslab brings
   */
  #keepSourceMaps(path: string): TypeScript {
    const original = require(path) as TypeScript;
    const { createWatchCompilerHost } = original;
    const createHost: TypeScript['createWatchCompilerHost'] = (files, options, ...rest) => {
      const host = createWatchCompilerHost(
        files,
        // Types of Node alone are there unasked: those of every package in `@types` take a tenth of the start.
        { ...options, types: ['node'], inlineSourceMap: true },
        ...rest,
      );
      oneTimer(host);
      return host;
    };
    const transpileModule: TypeScript['transpileModule'] = (code, options) => {
      if (options.fileName !== 'custom.js') return original.transpileModule(code, options);
      const [text, first] = splitInlineMap(code);
      const { outputText, sourceMapText } = original.transpileModule(text, {
        ...options,
        compilerOptions: { ...options.compilerOptions, sourceMap: true },
      });
      this.#maps = first === undefined || sourceMapText === undefined ? [] : [sourceMapText, first];
      return { outputText: outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n') };
    };
    // The compiler's own properties cannot be set; tslab copies what it finds.
    const compiler = Object.defineProperties({} as TypeScript, {
      ...Object.getOwnPropertyDescriptors(original),
      createWatchCompilerHost: { value: createHost, enumerable: true },
      transpileModule: { value: transpileModule, enumerable: true },
    });
    require.cache[path]!.exports = compiler;
    return compiler;
  }

  /** tslab runs a cell without a file name; errors of two cells could not be distinguished. */
  #nameScript(cell: number, code: string): void {
    const vm = require('node:vm') as Vm;
    const { runInThisContext } = vm;
    this.#restoreVm = () => {
      vm.runInThisContext = runInThisContext;
    };
    vm.runInThisContext = (script, options) => {
      this.#restoreVm();
      this.#positions.add(cell, code, script, this.#maps);
      this.#onCompiler(false);
      const wrapper =
        /^\((?:async )?function\(exports, require\) \{ /.exec(script)?.[0].length ?? 0;
      return runInThisContext.call(vm, script, {
        ...options,
        filename: CellPositions.fileName(cell),
        columnOffset: -wrapper,
      });
    };
  }
}

/** A function without a name got that of the variable in which tslab keeps the last value. */
function withoutVariable(value: unknown): unknown {
  if (typeof value === 'function' && /^tsLastExpr\d*$/.test(value.name)) {
    Object.defineProperty(value, 'name', { value: '' });
  }
  return value;
}

function isSigint(reason: unknown): boolean {
  return (reason as { code?: unknown } | undefined)?.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED';
}

/** Code without the map at its end, and the map as JSON. */
function splitInlineMap(code: string): [string, string | undefined] {
  const marker = '//# sourceMappingURL=data:application/json;base64,';
  const at = code.lastIndexOf(marker);
  if (at < 0) return [code, undefined];
  const map = Buffer.from(code.slice(at + marker.length).trim(), 'base64').toString();
  return [code.slice(0, at), map];
}
