import { Agent, get } from 'node:http';

/** How one request ended. */
export interface Outcome {
  /** `0` when the connection broke. */
  readonly status: number;
  readonly elapsedMs: number;
}

const TICK_MS = 5;

/** Requests at a steady rate, whether or not earlier ones have ended: as many independent callers send them. */
export class StreamOfRequests {
  readonly #url: string;
  readonly #perSecond: number;
  readonly #nextToken: () => string;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #outcomes: Promise<Outcome>[] = [];

  constructor(url: string, perSecond: number, nextToken: () => string) {
    this.#url = url;
    this.#perSecond = perSecond;
    this.#nextToken = nextToken;
  }

  /** Sends them for a while, and returns how all of them ended. */
  async run(durationMs: number): Promise<readonly Outcome[]> {
    const startedMs = performance.now();
    for (let elapsedMs = 0; elapsedMs < durationMs; elapsedMs = performance.now() - startedMs) {
      while (this.#outcomes.length < (elapsedMs / 1_000) * this.#perSecond) this.#outcomes.push(this.#send());
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
    const outcomes = await Promise.all(this.#outcomes);
    this.#agent.destroy();
    return outcomes;
  }

  #send(): Promise<Outcome> {
    const sentMs = performance.now();
    const ended = (status: number): Outcome => ({ status, elapsedMs: performance.now() - sentMs });
    return new Promise((resolve) => {
      get(this.#url, { agent: this.#agent, headers: { authorization: this.#nextToken() } }, (response) => {
        response.resume().once('end', () => resolve(ended(response.statusCode ?? 0)));
      }).once('error', () => resolve(ended(0)));
    });
  }
}
