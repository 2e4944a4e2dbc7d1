/** The ways in which users give the module their Redis. */
export type StoreKind =
  | 'createKeyv'
  | 'createKeyvNonBlocking'
  | 'in a namespace'
  | 'createKeyv in a namespace'
  | 'behind memory'
  | 'by options'
  | 'RESP 3';

/** What the app is told when it starts. Without `redis` it keeps everything in memory. */
export interface GuardedAppSetup {
  readonly apiUrl: string;
  readonly appId: string;
  readonly appSecret: string;
  readonly kind: StoreKind;
  readonly redis?: string;
}

/** What the app can be asked to do. */
export type GuardedAppOrder =
  { readonly do: 'tell' } | { readonly do: 'wait'; readonly ms: number } | { readonly do: 'close' };

/** What the app has said, and what went wrong in its process. */
export interface GuardedAppTroubles {
  readonly warned: readonly string[];
  readonly informed: readonly string[];
  readonly failed: readonly string[];
  /** Everything it has logged. */
  readonly dump: string;
  /** Warnings of Node, such as those about listeners. */
  readonly warnings: readonly string[];
  readonly rejections: readonly string[];
}
