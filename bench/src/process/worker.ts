import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { Offer, RemoteAnswer } from './remote.js';

type Answer<Function> = Function extends (...args: never[]) => infer Result ? Awaited<Result> : never;
type Settle = (answer: RemoteAnswer) => void;

/** Another process, and the functions it offers. */
export class Worker<Functions extends Offer> {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Settle>();
  #calls = 0;

  /**
   * Starts a file of the benchmark in a process of its own.
   *
   * @param core the core it may run on; any when `undefined`.
   */
  constructor(file: URL, core: number | undefined) {
    this.#child = fork(fileURLToPath(file), onCore(core));
    this.#child.on('message', (answer: RemoteAnswer) => this.#settle(answer));
    this.#child.on('exit', (code) => {
      for (const id of this.#waiting.keys()) this.#settle({ id, failure: `Its process ended with ${String(code)}.` });
    });
  }

  /** Calls a function of the other process. */
  call<Name extends keyof Functions & string>(
    name: Name,
    ...args: Parameters<Functions[Name]>
  ): Promise<Answer<Functions[Name]>> {
    this.#calls += 1;
    const id = this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, failure }) => {
        if (failure === undefined) resolve(result as Answer<Functions[Name]>);
        else reject(new Error(failure));
      });
      this.#child.send({ id, name, args });
    });
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }

  #settle(answer: RemoteAnswer): void {
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
  }
}

// Without the memory reducer: in a process that waits for its turn, it throws away compiled code. A busy server keeps its
// own, and those that compile slowly would be measured without theirs.
const NODE_OPTIONS = ['--expose-gc', '--enable-source-maps', '--no-memory-reducer'];

function onCore(core: number | undefined): { readonly execPath?: string; readonly execArgv: string[] } {
  return core === undefined
    ? { execArgv: NODE_OPTIONS }
    : { execPath: 'taskset', execArgv: ['-c', String(core), process.execPath, ...NODE_OPTIONS] };
}
