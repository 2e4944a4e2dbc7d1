import type { WixEmulator } from '../../emulator/wix-emulator.js';
import type { Ending } from './channels.js';
import { IncomingRequests } from './incoming-requests.js';
import { hearOutgoing, type OutgoingRequest } from './outgoing-requests.js';
import type { CallOrigin, EventRun, ReceivedRequest, WixCall } from './recorded-calls.js';
import { TracedWork } from './traced-work.js';

/** Records what an application receives and what it calls, and relates the two. */
export class CallRecorder {
  readonly #wix: WixEmulator;
  readonly #incoming: IncomingRequests;
  readonly #work: TracedWork;
  readonly #elsewhere: WixCall[] = [];
  readonly #endings: readonly Ending[];

  constructor(wix: WixEmulator) {
    this.#wix = wix;
    const { origin, port } = new URL(wix.url);
    this.#incoming = new IncomingRequests(Number(port));
    this.#work = new TracedWork(({ handler, outcome }) => {
      const request = this.#incoming.current;
      (outcome === 'success' ? request?.passed : request?.refused)?.add(handler);
    });
    this.#endings = [this.#incoming.stop, this.#work.stop, hearOutgoing(origin, (request) => this.#sent(request))];
  }

  /** What the servers of this process received, the emulator's excepted. */
  get requests(): readonly ReceivedRequest[] {
    return this.#incoming.all;
  }

  /** The runs of event handlers. */
  get runs(): readonly EventRun[] {
    return this.#work.runs;
  }

  /** What was called while no request was answered and no event handled. */
  get elsewhere(): readonly WixCall[] {
    return this.#elsewhere;
  }

  stop(): void {
    for (const end of this.#endings) end();
  }

  #sent({ method, path, token }: OutgoingRequest): void {
    const traced = this.#work.currentCall;
    if (traced?.by === 'module' || isOfPlatform(path)) return;
    const call: WixCall = { method, path, as: this.#callerOf(token) };
    const origin: CallOrigin | undefined = this.#work.currentRun ?? this.#incoming.current;
    (origin?.calls ?? this.#elsewhere).push(call);
  }

  #callerOf(token: string | undefined): WixCall['as'] {
    if (token === undefined) return 'unknown';
    const subject = this.#wix.subjectOf(token);
    return subject === undefined ? 'unknown' : callers[subject.type];
  }
}

const callers = { APP: 'app', USER: 'user', MEMBER: 'member', VISITOR: 'visitor' } as const;

// Tokens need no permission, and the emulator's own endpoints are not part of Wix.
const isOfPlatform = (path: string): boolean => /^\/(oauth2?|_emulator)\//.test(path);
