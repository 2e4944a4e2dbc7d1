import { HttpService } from '@nestjs/axios';
import axios, { AxiosError, AxiosHeaders, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';

import type { WixClock } from '../../src/core/clock.js';
import { WixAgents } from '../../src/http/wix-agents.js';
import { WixControlClient } from '../../src/http/wix-control.client.js';
import { API_URL } from './app.js';

/** A request as it would have gone over the wire. */
export interface SentRequest {
  readonly method: string;
  /** Path and query below the API's URL. */
  readonly path: string;
  /** The JSON sent, parsed. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly authorization: string | undefined;
  readonly config: InternalAxiosRequestConfig;
}

/** What comes back: an object is sent as JSON, text as it is. */
export interface WireAnswer {
  readonly status?: number;
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How Wix answers one request; a text is the code of a network failure. */
export type Script = (request: SentRequest) => WireAnswer | string | Promise<WireAnswer | string>;

/** A Wix that answers by script, behind the real axios: only the socket is missing. */
export class ScriptedWix {
  readonly requests: SentRequest[] = [];
  readonly http = new HttpService(axios.create({ adapter: (config) => this.#handle(config) }));
  #script: Script;

  constructor(script: Script) {
    this.#script = script;
  }

  /** Answers differently from now on. */
  answers(script: Script): void {
    this.#script = script;
  }

  /** Questions to one path, whatever their query. */
  to(path: string): readonly SentRequest[] {
    return this.requests.filter((request) => request.path.split('?', 1)[0] === path);
  }

  /** The library's client for its own questions, talking to this Wix. */
  client(clock: WixClock, requestTimeoutMs = 5_000, agents = new WixAgents()): WixControlClient {
    return new WixControlClient(this.http, agents, clock, {
      apiUrl: API_URL,
      requestTimeoutMs,
      maxWaitMs: 10_000,
    });
  }

  async #handle(config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
    const request = requestFrom(config);
    this.requests.push(request);
    const answer = await this.#script(request);
    if (typeof answer === 'string') throw new AxiosError(`failed: ${answer}`, answer, config, { socket: true });
    return responseOf(answer, config);
  }
}

function requestFrom(config: InternalAxiosRequestConfig): SentRequest {
  const data: unknown = config.data;
  const authorization = config.headers.get('authorization');
  return {
    method: config.method?.toUpperCase() ?? '',
    path: (config.url ?? '').replace(API_URL, ''),
    body: typeof data === 'string' ? (JSON.parse(data) as Record<string, unknown>) : {},
    authorization: typeof authorization === 'string' ? authorization : undefined,
    config,
  };
}

function responseOf(answer: WireAnswer, config: InternalAxiosRequestConfig): AxiosResponse {
  const { status = 200, body = '', headers = {} } = answer;
  return {
    status,
    statusText: '',
    headers: new AxiosHeaders({ ...headers }),
    data: typeof body === 'string' ? body : JSON.stringify(body),
    config,
    request: {},
  };
}
