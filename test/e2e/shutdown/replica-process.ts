import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { kill } from '../../support/compiled.js';
import type { ReplicaOrder, ReplicaReport, ReplicaSetup } from './orders.js';

/** One replica of an app, which ends as deployments end it. */
export class ReplicaProcess {
  /** The ids of the events whose handlers began. */
  readonly began: string[] = [];
  readonly #child: ChildProcess;
  #url = '';
  #printed = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const output of [child.stdout, child.stderr]) {
      output?.on('data', (text: Buffer) => {
        this.#printed += text.toString();
      });
    }
    child.on('message', (report: ReplicaReport) => {
      if ('url' in report) this.#url = report.url;
      else this.began.push(report.began);
    });
  }

  /** Starts a replica that listens. */
  static async start(main: string, setup: ReplicaSetup): Promise<ReplicaProcess> {
    const child = fork(main, [JSON.stringify(setup)], { execArgv: [], silent: true });
    const replica = new ReplicaProcess(child);
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`It did not start. ${replica.printed}`)));
    await Promise.race([once(child, 'message'), ended]);
    ended.catch(() => undefined);
    return replica;
  }

  /** What it wrote to the console. */
  get printed(): string {
    return this.#printed;
  }

  /** The status it answers a webhook with; 0 when it answers nothing. */
  webhook(body: string): Promise<number> {
    return this.post('/wix/webhooks', body);
  }

  /** Whether it takes no more webhooks: then one is not even verified. */
  async isStopping(): Promise<boolean> {
    return (await this.webhook('not signed')) === 503;
  }

  /** The status it answers a request with; 0 when it answers nothing. */
  async post(path: string, body = ''): Promise<number> {
    // A connection of its own: one left open would be cut by the process that closes first.
    const headers = { connection: 'close', 'content-type': 'text/plain' };
    const response = await fetch(this.#url + path, { method: 'POST', body, headers }).catch(() => undefined);
    await response?.text();
    return response?.status ?? 0;
  }

  /** Lets handlers finish from now on. */
  finish(): void {
    this.#child.send('finish' satisfies ReplicaOrder);
  }

  /** Sends SIGTERM. Tells how many milliseconds the process took to end. */
  async terminate(): Promise<number> {
    const startMs = performance.now();
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await gone;
    return performance.now() - startMs;
  }

  /** Ends it as a crash would. */
  kill(): Promise<void> {
    return kill(this.#child);
  }
}
