import type { WixHttpClient, WixHttpService } from 'nestjs-wix-auth';

interface Request {
  readonly query: { readonly instanceId: string };
}

export const openAnySite = (wix: WixHttpService, request: Request): WixHttpClient =>
  // @ts-expect-error: the sender of the request would choose the site
  wix.asInstance(request.query.instanceId);
