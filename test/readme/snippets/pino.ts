import { wixIdentityOf } from 'nestjs-wix-auth';

/** Options of `LoggerModule.forRoot({ pinoHttp })` of nestjs-pino: who called, and no credential. */
export const pinoHttp = {
  // By itself, pino-http logs every header of a request, and its address with the query.
  redact: ['req.headers.authorization', 'req.headers["x-wix-instance"]', 'req.headers.cookie'],
  serializers: {
    req: (request: { url: string }): object => ({
      ...request,
      query: undefined,
      url: request.url.replace(/\?.*$/s, ''),
    }),
  },
  customProps: (request: object): object => ({ instanceId: wixIdentityOf(request)?.instanceId }),
};
