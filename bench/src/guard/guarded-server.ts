import { Worker } from '../process/worker.js';
import type { GuardSettings } from './guard-settings.js';
import { HttpLoad, type Served } from './http-load.js';
import { requestsWith, type RequestCycle } from './requests.js';
import type { ServerOffer } from './server.process.js';
import type { VariantName } from './variants.js';

/** One period of load, and the processor time the server spent on it. */
export interface Turn extends Served {
  readonly variant: VariantName;
  readonly processorMs: number;
}

const CONNECTIONS = 16;
const LEAD_IN_MS = 20;

/** A server in a process of its own, under load from this one. */
export class GuardedServer {
  readonly #variant: VariantName;
  readonly #process: Worker<ServerOffer>;
  readonly #load: HttpLoad;
  readonly #requests: RequestCycle;

  private constructor(variant: VariantName, process: Worker<ServerOffer>, load: HttpLoad, requests: RequestCycle) {
    this.#variant = variant;
    this.#process = process;
    this.#load = load;
    this.#requests = requests;
  }

  /** @param credentials what the requests carry, in turn. */
  static async start(settings: GuardSettings, core: number | undefined, credentials: readonly string[]) {
    const process = new Worker<ServerOffer>(new URL('server.process.js', import.meta.url), core);
    const url = await process.call('start', settings);
    const load = await HttpLoad.to(url, CONNECTIONS);
    return new GuardedServer(settings.variant, process, load, requestsWith(url, credentials));
  }

  /** Presents every credential once, and then as many requests as there is time for. */
  async warmUp({ requests, atMostMs }: { readonly requests: number; readonly atMostMs: number }): Promise<void> {
    await this.#send(this.#requests.credentials);
    await this.#process.call('collectGarbage');
    const endMs = performance.now() + atMostMs;
    await this.#send(requests, endMs);
  }

  /** Keeps the server busy for a while and measures it, once it has its caches back from the server before it. */
  async turn(durationMs: number): Promise<Turn> {
    await this.#send(Infinity, performance.now() + LEAD_IN_MS);
    const before = await this.#process.call('processorMs');
    const endMs = performance.now() + durationMs;
    const served = await this.#load.drive(this.#requests, () => performance.now() < endMs);
    const processorMs = (await this.#process.call('processorMs')) - before;
    return { variant: this.#variant, ...served, processorMs };
  }

  async stop(): Promise<void> {
    this.#load.close();
    await this.#process.stop();
  }

  async #send(requests: number, endMs = Infinity): Promise<void> {
    let left = requests;
    await this.#load.drive(this.#requests, () => left-- > 0 && performance.now() < endMs);
  }
}
