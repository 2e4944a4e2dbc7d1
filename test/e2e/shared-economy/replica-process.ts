import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { kill } from '../../support/compiled.js';
import type { ReplicaOrder, ReplicaReply, ReplicaSetup } from './orders.js';

/** One process of an app, which does as it is told. */
export class ReplicaProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (reply: ReplicaReply) => void>();
  #orders = 0;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
    child.on('message', (reply: ReplicaReply) => this.#waiting.get(reply.number)?.(reply));
    // What was asked of one that is gone is never answered; who asks must not wait.
    child.once('exit', () => {
      for (const [number, settle] of this.#waiting) settle({ number, error: 'The process ended.' });
    });
  }

  /** Starts a process that listens. */
  static async start(main: string, setup: ReplicaSetup): Promise<ReplicaProcess> {
    const child = fork(main, [JSON.stringify(setup)], { execArgv: [], stdio: 'inherit' });
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('The replica ended before it listened.')));
    const [{ url }] = (await Promise.race([once(child, 'message'), ended])) as [{ readonly url: string }];
    ended.catch(() => undefined);
    return new ReplicaProcess(child, url);
  }

  /** Has something done, and tells what came of it. */
  async ask<Value>(order: ReplicaOrder): Promise<Value> {
    this.#orders += 1;
    const number = this.#orders;
    const reply = new Promise<ReplicaReply>((resolve) => this.#waiting.set(number, resolve));
    this.#child.send({ number, order });
    const { value, error } = await reply;
    this.#waiting.delete(number);
    if (error !== undefined) throw new Error(error);
    return value as Value;
  }

  /** Ends it as a crash would. */
  kill(): Promise<void> {
    return kill(this.#child);
  }

  /** Ends it as a deployment does, and waits until the process is gone. */
  async close(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.ask({ do: 'close' }).catch(() => undefined);
    await gone;
  }
}
