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
   * 503 when the ledger cannot be reached; an event whose handler then fails is lost. `queue` answers 200 when an
   * {@link EventQueue} has stored the event, and 503 when it cannot; handlers run in the processes that take events from
   * it, again and again until they succeed. Provide the queue, such as that of `nestjs-wix-auth/bullmq`.
   *
   * @default 'certain'
   */
  readonly mode?: 'certain' | 'background' | 'queue' | undefined;
  /**
   * How events are taken from the queue. With `mode: 'queue'` only.
   *
   * @default see its parts
   */
  readonly queue?: WixWebhookQueueOptions | undefined;
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

/** How events are taken from the queue behind webhooks. */
export interface WixWebhookQueueOptions {
  /**
   * Whether this process deals with events. `false` is for processes that only receive: then others must.
   *
   * @default true
   */
  readonly work?: boolean | undefined;
  /**
   * How many events this process deals with at the same time. Those of one installation are dealt with one after the
   * other, whatever this says.
   *
   * @default 10
   */
  readonly concurrency?: number | undefined;
  /**
   * How often an event is begun before it is given up: then it becomes a dead letter, and the next event of its
   * installation has its turn. A process that ends in the middle counts as an attempt.
   *
   * @default 16 (about four hours with the pauses below)
   */
  readonly attempts?: number | undefined;
  /**
   * Milliseconds between the first failure and the second attempt. Each later pause is twice as long.
   *
   * @default 1_000
   */
  readonly firstRetryMs?: number | undefined;
  /**
   * The longest pause between two attempts, in milliseconds.
   *
   * @default 3_600_000
   */
  readonly maxRetryMs?: number | undefined;
}

/** The options of the queue with every default filled in. */
export type WebhookQueueSettings = {
  readonly [Name in keyof WixWebhookQueueOptions]-?: NonNullable<WixWebhookQueueOptions[Name]>;
};

/** The options with every default filled in. */
export interface WebhookSettings {
  readonly path: string;
  readonly controller: boolean;
  readonly mode: 'certain' | 'background' | 'queue';
  readonly queue: WebhookQueueSettings;
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
    queue: queueSettings(options.queue ?? {}),
    handlerTimeoutMs: options.handlerTimeoutMs,
    maxBodyBytes: options.maxBodyBytes ?? 1_048_576,
    maxDepth: options.maxDepth ?? 100,
    decorators: Array.isArray(options.decorators) ? (options.decorators as readonly ClassDecorator[]) : [],
  };
};

const queueSettings = (options: WixWebhookQueueOptions): WebhookQueueSettings => ({
  work: options.work ?? true,
  concurrency: options.concurrency ?? 10,
  attempts: options.attempts ?? 16,
  firstRetryMs: options.firstRetryMs ?? 1_000,
  maxRetryMs: options.maxRetryMs ?? 3_600_000,
});
