import type { RecordedRequest } from '../../request-log.js';
import type { CallerView, RequestView } from '../console-api.js';

/** A request with what the console knows of it. */
export interface JournalEntry {
  readonly request: RecordedRequest;
  readonly caller: CallerView | null;
  /** Tells tokens apart without being one. */
  readonly tokenDigest: string | undefined;
  /** As it is now. */
  readonly view: RequestView;
}
