import { WixMisconfiguredError } from '../core/wix-auth.errors.js';

/** How sites install the app, and what this module mounts for it. */
export interface WixInstallOptions {
  /**
   * Where browsers reach this application: `https://` and a host, and a path if a proxy serves it below one. The
   * application's global prefix is added by itself. Plain `http` is accepted for loopback addresses only. A function
   * is called once, when the application starts: read the environment in it.
   */
  readonly publicUrl: string | (() => string);
  /**
   * The path everything is mounted below, without the application's global prefix. Two apps in one process need two.
   *
   * @default 'wix/install'
   */
  readonly path?: string | undefined;
  /**
   * Whether to mount the App URL and the redirect endpoint of custom authentication ("advanced OAuth") as well. Wix
   * has closed it to new apps.
   *
   * @default false
   */
  readonly customAuthentication?: boolean | undefined;
  /**
   * Whether Wix must vouch for who installs by the external flow, by a signed instance. `optional` accepts installations
   * without one, or with one that is not the owner's or was made before the installation was started, as
   * `proven: false`. Custom authentication has none: there Wix vouches by exchanging the code.
   *
   * @default 'required'
   */
  readonly signedInstance?: 'required' | 'optional' | undefined;
  /**
   * Whether the browser that comes back must be the one that started, which takes a cookie. `optional` accepts others
   * as `proven: false`, in either flow.
   *
   * @default 'required'
   */
  readonly cookie?: 'required' | 'optional' | undefined;
  /**
   * Origins `onInstalled` may redirect to, beside this application and Wix, such as `https://app.example.com`.
   *
   * @default none
   */
  readonly redirectOrigins?: readonly string[] | undefined;
  /**
   * Where the installer pages of Wix are. Another host is for tests only.
   *
   * @default 'https://www.wix.com'; where `apiUrl` is when that is not Wix's own
   */
  readonly wixUrl?: string | undefined;
  /**
   * The folder of the database that keeps refresh tokens when no {@link RefreshTokenStore} is provided. It must
   * outlive restarts: a lost refresh token costs the site a new installation.
   *
   * @default '.wix-auth/refresh-tokens' below the working directory
   */
  readonly refreshTokenFolder?: string | undefined;
  /**
   * Decorators for the controllers, to pass guards, throttlers and documentation of your own, such as `SkipThrottle()`.
   *
   * @default none
   */
  readonly decorators?: readonly ClassDecorator[] | undefined;
}

/** The options with every default filled in. */
export interface InstallSettings {
  readonly publicUrl: () => string;
  readonly path: string;
  readonly customAuthentication: boolean;
  readonly signedInstance: 'required' | 'optional';
  readonly cookie: 'required' | 'optional';
  readonly redirectOrigins: readonly string[];
  readonly wixUrl: string | undefined;
  readonly refreshTokenFolder: string;
  readonly decorators: readonly ClassDecorator[];
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws {@link WixMisconfiguredError} listing every problem.
 */
export function installSettings(options: WixInstallOptions): InstallSettings {
  const { publicUrl } = options;
  const settings = {
    publicUrl: () => checkedPublicUrl(typeof publicUrl === 'function' ? publicUrl() : publicUrl),
    path: (options.path ?? 'wix/install').replace(/^\/+|\/+$/g, ''),
    customAuthentication: options.customAuthentication ?? false,
    signedInstance: options.signedInstance ?? 'required',
    cookie: options.cookie ?? 'required',
    redirectOrigins: options.redirectOrigins ?? [],
    wixUrl: options.wixUrl?.replace(/\/+$/, ''),
    refreshTokenFolder: options.refreshTokenFolder ?? '.wix-auth/refresh-tokens',
    decorators: options.decorators ?? [],
  };
  refuse(problemsIn(settings));
  return settings;
}

function problemsIn({ path, signedInstance, cookie, redirectOrigins, wixUrl }: InstallSettings): readonly string[] {
  const choices = ['required', 'optional'];
  return [
    ...(/^[\w\-./]*\w[\w\-./]*$/.test(path) ? [] : ['install.path must be a plain path such as wix/install.']),
    ...(choices.includes(signedInstance) ? [] : ["install.signedInstance must be 'required' or 'optional'."]),
    ...(choices.includes(cookie) ? [] : ["install.cookie must be 'required' or 'optional'."]),
    ...(redirectOrigins.every(isOrigin)
      ? []
      : ['install.redirectOrigins must be origins such as https://app.example.com, without a path.']),
    ...(wixUrl === undefined || isWebUrl(wixUrl) ? [] : ['install.wixUrl must be an https URL.']),
  ];
}

function checkedPublicUrl(publicUrl: unknown): string {
  if (typeof publicUrl === 'string' && isWebUrl(publicUrl)) return publicUrl.replace(/\/+$/, '');
  return refuse([
    'install.publicUrl must be the https URL under which browsers reach this application, without query or ' +
      'credentials; http is accepted for loopback addresses only.',
  ]);
}

function refuse(problems: readonly string[]): never;
function refuse(problems: readonly string[]): void;
function refuse(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new WixMisconfiguredError(`The installation of WixAuthModule is set up wrongly: ${problems.join(' ')}`);
}

const isOrigin = (text: unknown): boolean =>
  typeof text === 'string' && isWebUrl(text) && new URL(text).origin === text;

function isWebUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (username !== '' || password !== '' || search !== '' || hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
