import { generateKeyPairSync, randomUUID } from 'node:crypto';

/** What an app of the emulated platform may be made with. */
export interface EmulatedAppOptions {
  /** The app's id. @default a new GUID */
  readonly appId?: string | undefined;
  /** The app's secret. @default a new GUID */
  readonly appSecret?: string | undefined;
  /** What Get App Instance calls the app. @default 'Emulated app' */
  readonly name?: string | undefined;
  /** What the app asks a site for when it is installed by Wix's installer pages. @default nothing */
  readonly scopes?: readonly string[] | undefined;
  /** The redirect URLs registered for custom authentication. @default none */
  readonly redirectUrls?: readonly string[] | undefined;
  /** The App URL of custom authentication, which the App Market opens with a `token`. @default none */
  readonly appUrl?: string | undefined;
  /** The app's own page with a button that starts the external install flow. @default none */
  readonly websiteUrl?: string | undefined;
  /** The RSA keys, as PEM, of what Wix signs for the app. @default made when first asked for */
  readonly keyPair?: AppKeyPair | undefined;
}

/** The RSA keys of what Wix signs for an app, as PEM. */
export interface AppKeyPair {
  /** What verifies (SPKI). */
  readonly publicKey: string;
  /** What signs (PKCS #8). */
  readonly privateKey: string;
}

/** Makes RSA keys for what Wix signs for an app. */
export const newAppKeyPair = (): AppKeyPair =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

/** A third-party app on the emulated platform. Made by `wix.addApp()`. */
export class EmulatedApp {
  /** The app's id; also its `client_id`. */
  readonly appId: string;
  /** What Get App Instance calls the app. */
  readonly name: string;
  /** What the app asks a site for when it is installed; may be replaced at any time. */
  scopes: readonly string[];
  /** The redirect URLs registered for custom authentication; may be replaced at any time. */
  redirectUrls: readonly string[];
  /** The App URL of custom authentication; may be replaced at any time. */
  appUrl: string | undefined;
  /** The app's own page that the external install flow starts at; may be replaced at any time. */
  websiteUrl: string | undefined;
  #secret: string;
  #keys: AppKeyPair | undefined;

  constructor(options: EmulatedAppOptions = {}) {
    this.appId = options.appId ?? randomUUID();
    this.#secret = options.appSecret ?? randomUUID();
    this.name = options.name ?? 'Emulated app';
    this.scopes = options.scopes ?? [];
    this.redirectUrls = options.redirectUrls ?? [];
    this.appUrl = options.appUrl;
    this.websiteUrl = options.websiteUrl;
    this.#keys = options.keyPair;
  }

  /** The app's current secret. */
  get appSecret(): string {
    return this.#secret;
  }

  /** The key that verifies what Wix signs for this app (webhooks, service plugins, digests): RS256, as PEM. */
  get publicKey(): string {
    return this.#keyPair().publicKey;
  }

  /** The other half of {@link publicKey}, which only Wix has in reality. */
  get privateKey(): string {
    return this.#keyPair().privateKey;
  }

  /** Gives the app a new secret and returns it. The former one stops working at once. */
  rotateSecret(newSecret: string = randomUUID()): string {
    this.#secret = newSecret;
    return newSecret;
  }

  // Made when first asked for: it takes a noticeable part of a second.
  #keyPair() {
    this.#keys ??= newAppKeyPair();
    return this.#keys;
  }
}
