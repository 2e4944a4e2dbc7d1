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
  readonly path: string;
  readonly customAuthentication: boolean;
  readonly signedInstance: 'required' | 'optional';
  readonly cookie: 'required' | 'optional';
  readonly redirectOrigins: readonly string[];
  readonly wixUrl: string | undefined;
  readonly refreshTokenFolder: string;
  readonly decorators: readonly ClassDecorator[];
}

/** The options with every default filled in. What is wrong is found when the application starts, with all other options. */
export const installSettings = (given: WixInstallOptions | null): InstallSettings => {
  const options: Partial<WixInstallOptions> = given ?? {};
  return {
    path: textOr('wix/install', options.path).replace(/^\/+|\/+$/g, ''),
    customAuthentication: options.customAuthentication ?? false,
    signedInstance: options.signedInstance ?? 'required',
    cookie: options.cookie ?? 'required',
    redirectOrigins: options.redirectOrigins ?? [],
    wixUrl: typeof options.wixUrl === 'string' ? options.wixUrl.replace(/\/+$/, '') : undefined,
    refreshTokenFolder: textOr('.wix-auth/refresh-tokens', options.refreshTokenFolder),
    decorators: Array.isArray(options.decorators) ? (options.decorators as readonly ClassDecorator[]) : [],
  };
};

const textOr = (fallback: string, given: unknown): string => (typeof given === 'string' ? given : fallback);
