import axios, { type AxiosAdapter, type AxiosInstance, type AxiosInterceptorManager } from 'axios';

import { WixMisconfiguredError } from '../core/wix-auth.errors.js';
import { dropForeignDefaults } from '../http/own-defaults.js';
import { dropWhatIsOurs } from './sending/wix-request-config.js';

/** What calls may use up, unless they say otherwise. */
export interface CallSettings {
  readonly apiUrl: string;
  /** Milliseconds a call may take, waiting and retries included. */
  readonly timeoutMs: number;
  /** Bytes an answer may have, decompressed. */
  readonly maxResponseBytes: number;
}

/** The axios instance that calls share. It has interceptors and defaults, and sends nothing itself. */
export function callsAxios({ apiUrl, timeoutMs, maxResponseBytes }: CallSettings): AxiosInstance {
  const instance = axios.create({
    baseURL: apiUrl,
    timeout: timeoutMs,
    maxContentLength: maxResponseBytes,
    adapter: refuseNameless,
  });
  dropForeignDefaults(instance.defaults);
  dropWhatIsOurs(instance.defaults);
  return instance;
}

/** Another instance that sends differently, with the defaults and interceptors that the shared one has now. */
export function axiosLike(shared: AxiosInstance, adapter: AxiosAdapter): AxiosInstance {
  const instance = shared.create({ adapter });
  for (const { fulfilled, rejected, synchronous, runWhen } of presentIn(shared.interceptors.request)) {
    instance.interceptors.request.use(fulfilled, rejected, { synchronous, runWhen: runWhen ?? null });
  }
  for (const { fulfilled, rejected } of presentIn(shared.interceptors.response)) {
    instance.interceptors.response.use(fulfilled, rejected);
  }
  return instance;
}

// Axios leaves a hole where an interceptor was ejected.
const presentIn = <Message>({ handlers = [] }: AxiosInterceptorManager<Message>) =>
  handlers.filter((handler: (typeof handlers)[number] | null) => handler !== null);

const refuseNameless: AxiosAdapter = () =>
  Promise.reject(
    new WixMisconfiguredError(
      'WixHttpService.axiosRef is for interceptors: it cannot know in whose name to call. Call ' +
        'asInstance(…).axiosRef or onBehalfOf(…).axiosRef.',
    ),
  );
