/** Where Wix's webhooks arrive, and how they are answered. */
export interface WixWebhookOptions {
  /**
   * The path of the endpoint, without the application's global prefix. Register the whole address at Wix.
   *
   * @default 'wix/webhooks'
   */
  readonly path?: string | undefined;
  /**
   * `false` mounts no endpoint: a route of your own takes the body by `@WixRawBody()` and hands it to
   * `WixWebhookService.receive()`; `path` then means nothing.
   *
   * @default true
   */
  readonly controller?: boolean | undefined;
  /**
   * `certain` answers 200 when every handler has succeeded, so that Wix sends again whatever was not dealt with.
   * `background` answers 200 when the signature held and the ledger has noted that this process runs the handlers, and
   * 503 when the ledger cannot be reached; an event whose handler then fails is lost.
   *
   * @default 'certain'
   */
  readonly mode?: 'certain' | 'background' | undefined;
  /**
   * Milliseconds after which the `signal` that a handler gets is aborted. It is for the handler to stop then; until it
   * has, no other process runs it for the same event. Without it, a handler that never ends is named in the log only.
   *
   * @default none
   */
  readonly handlerTimeoutMs?: number | undefined;
  /**
   * The largest body read, in bytes; larger ones are answered 413. Counts for service plugins and digests as well.
   *
   * @default 1_048_576
   */
  readonly maxBodyBytes?: number | undefined;
  /**
   * How many levels of objects and lists an event's content may be nested, or a service plugin's request. What is deeper
   * is answered 400 (`WIX_EVENT_TOO_DEEP`) and reaches no handler, which code that walks it would not survive.
   *
   * @default 100
   */
  readonly maxDepth?: number | undefined;
  /**
   * Decorators for the endpoint's class, to pass guards, throttlers and documentation of your own, such as
   * `SkipThrottle()`.
   *
   * @default none
   */
  readonly decorators?: readonly ClassDecorator[] | undefined;
}

/** The options with every default filled in. */
export interface WebhookSettings {
  readonly path: string;
  readonly controller: boolean;
  readonly mode: 'certain' | 'background';
  readonly handlerTimeoutMs: number | undefined;
  readonly maxBodyBytes: number;
  readonly maxDepth: number;
  readonly decorators: readonly ClassDecorator[];
}

/** The options with every default filled in. What is wrong is found when the application starts, with all other options. */
export const webhookSettings = (given?: WixWebhookOptions | null): WebhookSettings => {
  const options = given ?? {};
  return {
    path: typeof options.path === 'string' ? options.path : 'wix/webhooks',
    controller: options.controller ?? true,
    mode: options.mode ?? 'certain',
    handlerTimeoutMs: options.handlerTimeoutMs,
    maxBodyBytes: options.maxBodyBytes ?? 1_048_576,
    maxDepth: options.maxDepth ?? 100,
    decorators: Array.isArray(options.decorators) ? (options.decorators as readonly ClassDecorator[]) : [],
  };
};
