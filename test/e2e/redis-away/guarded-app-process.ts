import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';

import { kill } from '../../support/compiled.js';
import type { GuardedAppOrder, GuardedAppSetup, GuardedAppTroubles } from './orders.js';

/** A guarded app in a process of its own. */
export class GuardedAppProcess {
  readonly #child: ChildProcess;
  readonly #agent = new Agent({ keepAlive: true });
  #url = '';
  #startedMs = 0;
  #printed = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const output of [child.stdout, child.stderr]) {
      output?.on('data', (text: Buffer) => {
        this.#printed += text.toString();
      });
    }
  }

  /** Starts an app that listens. */
  static async start(main: string, setup: GuardedAppSetup): Promise<GuardedAppProcess> {
    const child = fork(main, [JSON.stringify(setup)], { execArgv: [], silent: true });
    const started = new GuardedAppProcess(child);
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`It did not start. ${started.printed}`)));
    const [{ url, startedMs }] = (await Promise.race([once(child, 'message'), ended])) as [GuardedAppStarted];
    ended.catch(() => undefined);
    started.#url = url;
    started.#startedMs = startedMs;
    return started;
  }

  /** How long the app took to start, once its code was loaded. */
  get startedMs(): number {
    return this.#startedMs;
  }

  /** Whatever it or a library wrote to the console. */
  get printed(): string {
    return this.#printed;
  }

  /** Sends a request with each credential, one after the other, and tells how long each took in milliseconds. */
  async requests(credentials: readonly string[]): Promise<readonly GuardedRequest[]> {
    const done: GuardedRequest[] = [];
    for (const credential of credentials) done.push(await this.#request(credential));
    return done;
  }

  /** What the app has said, and what went wrong in it. */
  troubles(): Promise<GuardedAppTroubles> {
    return this.#send({ do: 'tell' });
  }

  /** Lets time pass on the clock. */
  async wait(ms: number): Promise<void> {
    await this.#send({ do: 'wait', ms });
  }

  /** Closes the app, and waits until the process ends by itself. Tells how long both took, in milliseconds. */
  async close(): Promise<{ readonly closedMs: number; readonly endedMs: number }> {
    this.#agent.destroy();
    const gone = once(this.#child, 'exit');
    const startMs = performance.now();
    const closedMs = await this.#send<number>({ do: 'close' });
    await gone;
    return { closedMs, endedMs: performance.now() - startMs };
  }

  async kill(): Promise<void> {
    this.#agent.destroy();
    await kill(this.#child);
  }

  async #send<Value>(order: GuardedAppOrder): Promise<Value> {
    const answer = once(this.#child, 'message');
    this.#child.send(order);
    const [value] = (await answer) as [Value];
    return value;
  }

  #request(authorization: string): Promise<GuardedRequest> {
    const startMs = performance.now();
    return new Promise((resolve, reject) => {
      get(`${this.#url}/anyone`, { agent: this.#agent, headers: { authorization } }, (response) => {
        response
          .resume()
          .once('end', () => resolve({ status: response.statusCode ?? 0, tookMs: performance.now() - startMs }));
      }).once('error', reject);
    });
  }
}

interface GuardedAppStarted {
  readonly url: string;
  readonly startedMs: number;
}

/** What became of a request. */
export interface GuardedRequest {
  readonly status: number;
  readonly tookMs: number;
}
