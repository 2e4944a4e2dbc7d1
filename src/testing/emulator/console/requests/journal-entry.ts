import type { RecordedRequest } from '../../request-log.js';
import type { CallerView, RequestView } from '../console-api.js';

/** A request with what the console knows about it. */
export interface JournalEntry {
  readonly request: RecordedRequest;
  readonly caller: CallerView | null;
  /** Distinguishes tokens without being one. */
  readonly tokenDigest: string | undefined;
  /** As it is now. */
  readonly view: RequestView;
}
