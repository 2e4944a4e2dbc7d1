type StaticOrigin = boolean | string | RegExp | (string | RegExp)[];

/** Which origins may call, in any of the forms Nest's `enableCors` takes. */
export type WixCorsOrigin =
  | StaticOrigin
  | ((requestOrigin: string | undefined, callback: (error: Error | null, origin?: StaticOrigin) => void) => void);

/** What {@link wixCorsOptions} takes. */
export interface WixCorsSettings {
  /**
   * The origins of your front ends, see {@link wixOrigins}: the sites' own domains (any domain, so `true` or a function that looks them up),
   * `https://<app-id>.wix.run` for dashboard pages made with the CLI, your own origin for pages in iframes.
   */
  readonly origin: WixCorsOrigin;
  /** Further request headers to allow, such as the one of `signedInstance.header`. */
  readonly allowedHeaders?: readonly string[];
}

/** Options for Nest's `enableCors`. */
export interface WixCorsOptions {
  /** Who may call, as it was given. */
  origin: WixCorsOrigin;
  /** The methods a preflight may announce: all that routes have. */
  methods: string[];
  /** The request headers a preflight may announce: those of Wix's front ends, and yours. */
  allowedHeaders: string[];
  /** The response headers a page may read. */
  exposedHeaders: string[];
  /** Whether cookies may be sent: never. */
  credentials: boolean;
}

/**
 * What the preflights of Wix's front ends need: `app.enableCors(wixCorsOptions({ origin: wixOrigins({ appId }) }))`. Their
 * `fetchWithAuth` adds `x-wix-linguist`, and echoes `x-wix-consistent`. Cookies are not allowed, as none are needed.
 */
export const wixCorsOptions = ({ origin, allowedHeaders = [] }: WixCorsSettings): WixCorsOptions => ({
  origin,
  methods: ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'],
  allowedHeaders: ['authorization', 'content-type', 'x-wix-linguist', 'x-wix-consistent', ...allowedHeaders],
  exposedHeaders: ['x-wix-consistent', 'retry-after', 'www-authenticate'],
  credentials: false,
});

/** What {@link wixOrigins} takes. */
export interface WixOriginSettings {
  /** The app's id: dashboard pages made with Wix's CLI are served from `https://<app-id>.wix.run`. */
  readonly appId: string;
  /**
   * The sites' own domains and pages of your own, such as `https://www.my-shop.com` or `/\.wixsite\.com$/`.
   *
   * @default none
   */
  readonly sites?: readonly (string | RegExp)[] | undefined;
  /**
   * Whether pages on `localhost`, at any port, may call: where Wix's CLI serves dashboard pages under development.
   *
   * @default false
   */
  readonly development?: boolean | undefined;
}

const LOCALHOST = /^https?:\/\/localhost(?::\d+)?$/;

/**
 * The origins of an app's front ends, for {@link wixCorsOptions}: its dashboard pages, code that Wix's dashboard and
 * editor embed, and what is added.
 */
export const wixOrigins = ({ appId, sites = [], development = false }: WixOriginSettings): (string | RegExp)[] => [
  `https://${appId.toLowerCase()}.wix.run`,
  'https://manage.wix.com',
  'https://editor.wix.com',
  ...sites,
  ...(development ? [LOCALHOST] : []),
];
