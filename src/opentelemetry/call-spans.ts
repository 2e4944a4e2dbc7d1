import { context, SpanKind, SpanStatusCode, type Attributes, type Span, type Tracer } from '@opentelemetry/api';

import type { WixCallTrace, WixTraceOver } from '../diagnostics/trace-messages.js';
import type { HeardTraces } from './heard-traces.js';

/** Creates a span for every request to Wix, as a child of the span that was active when the request began. */
export class CallSpans {
  readonly #tracer: Tracer;
  readonly #spans = new WeakMap<object, Span>();

  constructor(tracer: Tracer, heard: HeardTraces) {
    this.#tracer = tracer;
    heard.onBegun('call', (call) => this.#begin(call));
    heard.onOver('call', (call) => this.#end(call));
  }

  #begin(call: WixCallTrace): void {
    const options = { kind: SpanKind.CLIENT, attributes: begunAttributes(call) };
    this.#spans.set(call, this.#tracer.startSpan(`${call.method} ${call.path}`, options, context.active()));
  }

  #end(call: WixTraceOver<'call'>): void {
    const span = this.#spans.get(call);
    if (span === undefined) return;
    span.setAttributes(endedAttributes(call));
    if (call.outcome !== 'success') span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  }
}

const begunAttributes = ({ appId, by, method, path, host, instanceId }: WixCallTrace): Attributes => {
  const [address, port] = host.split(':');
  return {
    'http.request.method': method,
    'url.template': path,
    ...(address !== undefined && { 'server.address': address }),
    ...(port !== undefined && { 'server.port': Number(port) }),
    'wix_auth.app_id': appId,
    'wix_auth.by': by,
    ...(instanceId !== undefined && { 'wix_auth.instance_id': instanceId }),
  };
};

const endedAttributes = ({ status, attempts = 1, code, wixRequestId }: WixTraceOver<'call'>): Attributes => ({
  ...(status !== undefined && { 'http.response.status_code': status }),
  ...(attempts > 1 && { 'http.request.resend_count': attempts - 1 }),
  ...(code !== undefined && { 'error.type': code }),
  ...(wixRequestId !== undefined && { 'wix_auth.request_id': wixRequestId }),
});
